import { setTimeout as delay } from 'node:timers/promises';
import { temporal } from '@temporalio/proto';
import type { NativeConnection } from '@temporalio/worker';
import { messageOf } from './error-facts';
import { GRPC_STATUS, grpcStatusOf } from './grpc-status';
import { TemporalSetupError } from './setup-error';

const { RoutingConfigUpdateState, TaskQueueType, WorkerDeploymentVersionStatus } = temporal.api.enums.v1;
const { TASK_QUEUE_TYPE_UNSPECIFIED } = TaskQueueType;
const IN_PROGRESS = RoutingConfigUpdateState.ROUTING_CONFIG_UPDATE_STATE_IN_PROGRESS;

/** What a change may take to be in force on all of the server, and a worker that began to poll to be known. Milliseconds. */
const TIME_LIMIT_MS = 30_000;

/**
 * After this the task queues are asked themselves: Temporal may lose the note that all of it acts on a decision, and says
 * for ever then that this is in progress (temporalio/temporal#11842). Milliseconds.
 */
const NOTE_TIME_LIMIT_MS = 10_000;

/** Milliseconds. */
const POLL_INTERVAL_MS = 100;

/** Where a deployment is looked up. */
export interface DeploymentPlace {
  connection: Pick<NativeConnection, 'workflowService'>;
  namespace: string;
  deploymentName: string;
}

/** How the server shares a deployment's work out among its builds. */
export interface Deployment {
  /** The build that new work goes to. Undefined: unversioned workers get it. */
  currentBuildId: string | undefined;
  /** Whether somebody decided that, at any time. */
  isDecided: boolean;
  /** Whether all of the server acts on the last decision. */
  isInForce: boolean;
  /** What the server says of each build that has or had a worker: `current`, `draining`, `drained`, `inactive`. */
  statuses: Map<string, string>;
  /** Names this state: a change of it is refused when there was another one since. */
  conflictToken: Uint8Array;
}

/** @returns undefined when there was no worker of this deployment yet */
export async function describeDeployment(place: DeploymentPlace): Promise<Deployment | undefined> {
  const { connection, namespace, deploymentName } = place;
  const described = await connection.workflowService
    .describeWorkerDeployment({ namespace, deploymentName })
    .catch((error: unknown) => {
      if (grpcStatusOf(error) === GRPC_STATUS.NOT_FOUND) return undefined;
      throw error;
    });
  if (described === undefined) return undefined;
  const { conflictToken, workerDeploymentInfo } = described;
  const { routingConfig, versionSummaries, routingConfigUpdateState } = workerDeploymentInfo ?? {};
  const summaries = (versionSummaries ?? []).map(
    ({ deploymentVersion, status }) => [deploymentVersion?.buildId ?? '', statusName(status)] as const,
  );
  const buildId = routingConfig?.currentDeploymentVersion?.buildId;
  return {
    currentBuildId: buildId === '' ? undefined : (buildId ?? undefined),
    isDecided: Boolean(routingConfig?.currentVersionChangedTime ?? routingConfig?.rampingVersionChangedTime),
    isInForce: routingConfigUpdateState !== IN_PROGRESS,
    statuses: new Map(summaries),
    conflictToken,
  };
}

/**
 * Makes a build that has a worker current in a deployment for which nobody decided yet which build is: without one, what is
 * started waits for an unversioned worker. May be called by many processes at once. What is decided stays.
 *
 * @throws TemporalSetupError when these credentials may not, or the server did not know the worker within 30 s
 */
export async function becomeFirstBuild(place: DeploymentPlace, buildId: string): Promise<void> {
  await until(async () => {
    const deployment = await describeDeployment(place);
    if (!deployment?.statuses.has(buildId)) return false;
    if (deployment.isDecided) return true;
    // Refused when another process was quicker: the next look sees what it did.
    await setCurrentBuild(place, buildId, deployment.conflictToken).catch((error: unknown) => {
      if (grpcStatusOf(error) !== GRPC_STATUS.FAILED_PRECONDITION) throw notAble(place, buildId, error);
    });
    return false;
  }, `Temporal did not take up build ${buildId} of deployment "${place.deploymentName}"`);
}

/**
 * Makes a build the current one, and waits until all of the server acts on it: new executions begin on it, and those that
 * are not pinned to another build go on with it.
 *
 * @param noteTimeLimitMs how long the server's own note of that is waited for
 * @throws TemporalSetupError when there is no such build, or the server refuses
 */
export async function promoteBuild(
  place: DeploymentPlace,
  buildId: string,
  noteTimeLimitMs = NOTE_TIME_LIMIT_MS,
): Promise<void> {
  const deployment = await describeDeployment(place);
  if (!deployment?.statuses.has(buildId)) {
    const known = [...(deployment?.statuses.keys() ?? [])].join(', ');
    throw new TemporalSetupError(
      `Deployment "${place.deploymentName}" has no build ${buildId}: start a worker of it first. Builds: ${known || 'none'}.`,
    );
  }
  await setCurrentBuild(place, buildId, deployment.conflictToken).catch((error: unknown) => {
    throw notAble(place, buildId, error);
  });
  const began = Date.now();
  await until(async () => {
    if ((await describeDeployment(place))?.isInForce === true) return true;
    return Date.now() - began >= noteTimeLimitMs && (await isKnownToQueues(place, buildId));
  }, `Build ${buildId} is current, but not everywhere yet`);
}

/** Whether the queues that a build's workers poll give their new work to that build. */
async function isKnownToQueues(
  { connection: { workflowService }, namespace, deploymentName }: DeploymentPlace,
  buildId: string,
): Promise<boolean> {
  const deploymentVersion = { deploymentName, buildId };
  const version = await workflowService.describeWorkerDeploymentVersion({ namespace, deploymentVersion });
  const queues = version.workerDeploymentVersionInfo?.taskQueueInfos ?? [];
  const builds = await Promise.all(
    queues.map(async ({ name, type }) => {
      const queue = {
        namespace,
        taskQueue: { name: name ?? '' },
        taskQueueType: type ?? TASK_QUEUE_TYPE_UNSPECIFIED,
      };
      const { versioningInfo } = await workflowService.describeTaskQueue(queue);
      return versioningInfo?.currentDeploymentVersion?.buildId;
    }),
  );
  return builds.length > 0 && builds.every((current) => current === buildId);
}

/** Running workflows that can go on with this build alone: it has to run until there are none. */
export async function countPinned(
  { connection, namespace, deploymentName }: DeploymentPlace,
  buildId: string,
): Promise<number> {
  const query = [
    `TemporalWorkerDeploymentVersion = '${deploymentName}:${buildId}'`,
    `TemporalWorkflowVersioningBehavior = 'Pinned'`,
    `ExecutionStatus = 'Running'`,
  ].join(' AND ');
  const { count } = await connection.workflowService.countWorkflowExecutions({ namespace, query });
  return Number(count);
}

async function setCurrentBuild(
  { connection, namespace, deploymentName }: DeploymentPlace,
  buildId: string,
  conflictToken: Uint8Array,
): Promise<void> {
  await connection.workflowService.setWorkerDeploymentCurrentVersion({
    namespace,
    deploymentName,
    buildId,
    conflictToken,
  });
}

async function until(isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = Date.now() + TIME_LIMIT_MS;
  while (!(await isSo())) {
    if (Date.now() >= deadline)
      throw new TemporalSetupError(`${otherwise} within ${TIME_LIMIT_MS / 1000} s.`);
    await delay(POLL_INTERVAL_MS);
  }
}

function statusName(status: temporal.api.enums.v1.WorkerDeploymentVersionStatus | null | undefined): string {
  return (WorkerDeploymentVersionStatus[status ?? 0] ?? '').replace(/.*_/, '').toLowerCase();
}

function notAble({ deploymentName, namespace }: DeploymentPlace, buildId: string, cause: unknown) {
  return new TemporalSetupError(
    `Build ${buildId} could not be made current: ${messageOf(cause)}. Somebody who may can run:\n` +
      `  temporal worker deployment set-current-version --namespace ${namespace} ` +
      `--deployment-name ${deploymentName} --build-id ${buildId}`,
    { cause },
  );
}
