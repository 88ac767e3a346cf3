import type { WorkflowFunctionWithOptions } from '@temporalio/common';
import * as workflows from '../../../src/workflows/versioned';

const behaviorOf = (workflow: unknown) =>
  (workflow as WorkflowFunctionWithOptions<unknown[], unknown>).workflowDefinitionOptions;

describe('what becomes of a workflow when another build becomes the current one', () => {
  it.each(Object.entries(workflows))('is said by %s', (_name, workflow) => {
    const versioningBehavior = expect.stringMatching(/^(PINNED|AUTO_UPGRADE)$/) as string;
    expect(behaviorOf(workflow)).toEqual({ versioningBehavior });
  });

  it('lets an execution, which waits for up to 36 hours, go on with that build', () => {
    expect(behaviorOf(workflows.executeRule)).toEqual({ versioningBehavior: 'AUTO_UPGRADE' });
  });
});
