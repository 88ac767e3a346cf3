import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { BUILD_ID_FILE, bundleFile, type BundleName } from './bundles';

/** Build step: bundles the compiled workflows, and names the build by what versioned workers run of it. */
async function buildBundles(): Promise<void> {
  await buildBundle('workflow-bundle', 'index.js');
  const code = await buildBundle('versioned-workflow-bundle', 'versioned.js');
  // Without its source map, which tells where it was built.
  const [executed = ''] = code.split('\n//# sourceMappingURL=');
  writeFileSync(BUILD_ID_FILE, createHash('sha256').update(executed).digest('hex').slice(0, 12));
}

async function buildBundle(name: BundleName, entry: string): Promise<string> {
  const workflowsPath = join(__dirname, '../workflows', entry);
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    // Loaded once for all executions, and frozen: none of our modules keeps anything. A tenth of a workflow thread's time.
    preloadModules: [workflowsPath],
    logger: new DefaultLogger('WARN'),
  });
  writeFileSync(bundleFile(name), code);
  return code;
}

void buildBundles();
