import { setWorkflowOptions, type Workflow } from '@temporalio/workflow';
import * as workflows from './index';
import { VERSIONING_BEHAVIORS } from './versioning-behaviors';

/**
 * The workflows of a versioned worker: the entry of a bundle of their own. An unversioned worker must not run them: it would
 * tell their behaviour to Temporal, which refuses each of its workflow tasks then ("versioning behavior cannot be specified
 * without deployment options being set with versioned mode", INVALID_ARGUMENT), so that nothing goes on. Nor can a workflow
 * decide it: the SDK asks it when it begins or is replayed, and what it knows then is the version of its first task, not
 * that of the worker that asks.
 */
export * from './index';

for (const [name, versioningBehavior] of Object.entries(VERSIONING_BEHAVIORS)) {
  // A workflow's own input does not matter here.
  setWorkflowOptions({ versioningBehavior }, workflows[name as keyof typeof workflows] as Workflow);
}
