import { existsSync } from 'node:fs';
import type { DataConverter, WorkerDeploymentVersion } from '@temporalio/common';
import { Worker, type ActivityInterceptorsFactory, type NativeConnection } from '@temporalio/worker';
import type { Activities } from '../activities/index';
import { TASK_QUEUE } from '../shared/ids';
import { WORKER_SLOTS, WORKFLOW_TASK_SLOTS } from '../shared/limits';

/**
 * A worker that runs executions and makes their calls.
 *
 * @param workflowBundle path of the bundle that the build made for such a worker: versioned or not
 * @throws Error when the bundle is absent: workflows are never bundled at start, so that what runs is what was tested
 */
export async function createWorker(options: {
  connection: NativeConnection;
  namespace: string;
  /** The same as that of every client. */
  dataConverter: DataConverter;
  activities: Activities;
  activityInterceptors?: ActivityInterceptorsFactory[];
  workflowBundle: string;
  /** The build that it is, in which deployment. Without it, the worker is unversioned. */
  version?: WorkerDeploymentVersion | undefined;
}): Promise<Worker> {
  const { connection, namespace, dataConverter, activities, activityInterceptors, workflowBundle, version } =
    options;
  if (!existsSync(workflowBundle)) throw new Error(`${workflowBundle} is absent: run "npm run build"`);
  return Worker.create({
    connection,
    namespace,
    dataConverter,
    taskQueue: TASK_QUEUE,
    workflowBundle: { codePath: workflowBundle },
    activities,
    ...(activityInterceptors && { interceptors: { activity: activityInterceptors } }),
    // The SDK's 10 pollers of each kind, and its cache by the heap: 2, 40, and as many as it thinks right were no different.
    maxConcurrentActivityTaskExecutions: WORKER_SLOTS,
    maxConcurrentWorkflowTaskExecutions: WORKFLOW_TASK_SLOTS,
    // Never waited for: `deliverAtOnce` has its own limit, beyond which it makes no call.
    maxConcurrentLocalActivityExecutions: WORKFLOW_TASK_SLOTS,
    // Longer than a call: what has left is waited for, and its answer recorded.
    shutdownGraceTime: '10 seconds',
    ...(version && {
      workerDeploymentOptions: {
        useWorkerVersioning: true,
        version,
        // Each workflow says its own, but the SDK wants one.
        defaultVersioningBehavior: 'AUTO_UPGRADE',
      },
    }),
  });
}
