import { existsSync } from 'node:fs';
import { Worker, type NativeConnection } from '@temporalio/worker';
import type { Activities } from '../activities/index';
import { TASK_QUEUE } from '../shared/ids';

/** Calls under way at once in one worker. A slow receiver holds one for CALL_TIMEOUT_MS at most. */
const MAX_CONCURRENT_ACTIVITIES = 200;

/**
 * A worker that runs executions and makes their calls.
 *
 * @param workflowBundle path of the bundle that the build made
 * @throws Error when the bundle is absent: workflows are never bundled at start, so that what runs is what was tested
 */
export async function createWorker(options: {
  connection: NativeConnection;
  namespace: string;
  activities: Activities;
  workflowBundle: string;
}): Promise<Worker> {
  const { connection, namespace, activities, workflowBundle } = options;
  if (!existsSync(workflowBundle)) throw new Error(`${workflowBundle} is absent: run "npm run build"`);
  return Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: { codePath: workflowBundle },
    activities,
    maxConcurrentActivityTaskExecutions: MAX_CONCURRENT_ACTIVITIES,
    // Longer than a call: what has left is waited for, and its answer recorded.
    shutdownGraceTime: '10 seconds',
  });
}
