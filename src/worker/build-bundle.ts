import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Build step: bundles the compiled workflows into one file, beside the program that runs it. */
async function buildBundle(): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(__dirname, '../workflows/index.js'),
    logger: new DefaultLogger('WARN'),
  });
  writeFileSync(join(__dirname, '../workflow-bundle.js'), code);
}

void buildBundle();
