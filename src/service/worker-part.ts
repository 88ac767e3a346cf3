import type { Client } from '@temporalio/client';
import { ApplicationFailure, type DataConverter } from '@temporalio/common';
import type { Worker } from '@temporalio/worker';
import type { OperatedExecutions } from '../activities/bulk';
import { createActivities } from '../activities/index';
import { actOnExecution } from '../client/execution-actions';
import { InvalidCursorError } from '../client/executions';
import { countSelected, pageOfSelected } from '../client/selected-executions';
import { startDigest } from '../client/start-digest';
import { startDisabling } from '../client/start-disabling';
import { startNotice } from '../client/start-notice';
import { startRecovery } from '../client/start-recovery';
import { type Config } from '../config';
import { createEgress } from '../delivery/egress';
import type { Room } from '../delivery/room/room';
import { createWebhookSender } from '../delivery/send';
import { CallCounter } from '../destinations/call-counts';
import type { EventStarter } from '../ingest/event-starter';
import { ScheduledRuns } from '../ingest/scheduled-runs';
import { createMailTransport } from '../mail/transport';
import { activityLog } from '../observability/log/activity-log';
import { warnTo, type Logger } from '../observability/log/log';
import type { Metrics } from '../observability/metrics/metrics';
import type { Tracer } from '../tracing/tracing';
import { RULE_GONE_GRACE_MS } from '../shared/limits';
import type { Store } from '../store/store';
import { type TemporalConnection } from '../temporal/connection';
import { type DeploymentPlace } from '../temporal/worker-deployment';
import { bundleFile } from '../worker/bundles';
import { createWorker } from '../worker/create-worker';
import { keepCallCounts } from './keep-call-counts';
import { mailLinks } from './mail-links';
import type { Part } from './part';

/** Temporal as clients and workers need it. */
export type ReachedTemporal = Pick<TemporalConnection, 'connection' | 'namespace'> & {
  dataConverter: DataConverter;
};

/** This program's build, and the deployment that it is a build of. */
export type BuildInDeployment = DeploymentPlace & { buildId: string };

/** Executions as bulk operations find them and act on them. */
function operatedExecutions(
  client: Client,
  { rulebook, escalations }: Store,
  tracer: Tracer | undefined,
): OperatedExecutions {
  const places = { client, notices: escalations };
  return {
    count: (selection) => countSelected(places, selection),
    page: async (selection, page) => {
      try {
        return await pageOfSelected(places, selection, page);
      } catch (error) {
        // However often it is asked: the server does not know its own cursor any more.
        if (error instanceof InvalidCursorError) throw ApplicationFailure.nonRetryable(error.message);
        throw error;
      }
    },
    act: (request) => actOnExecution({ client, rulebook, tracer }, request),
  };
}

/** Starts what executes rules in this process. */
export async function startWorkerPart(
  config: Config,
  store: Store,
  temporal: ReachedTemporal,
  {
    client,
    starter,
    room,
    deployment,
    metrics,
    tracer,
    log,
  }: {
    client: Client;
    starter: EventStarter;
    room: Room;
    deployment: BuildInDeployment | undefined;
    metrics: Metrics;
    tracer: Tracer | undefined;
    log: Logger;
  },
): Promise<Part> {
  const sender = createWebhookSender({ egress: createEgress(config.egress), userAgent: config.userAgent });
  const mail = metrics.countMails(createMailTransport(config.mail));
  const calls = new CallCounter();
  const scheduledRuns = new ScheduledRuns(store, starter);
  const worker: Worker = await createWorker({
    ...temporal,
    activities: createActivities({
      rulebook: store.rulebook,
      callSettings: store.callSettings,
      room,
      destinations: store.destinations,
      startBatch: (batch) => starter.startBatch(batch),
      startScheduledRuns: (request) => scheduledRuns.start(request),
      executions: operatedExecutions(client, store, tracer),
      destinationSwitch: store.destinations,
      escalations: store.escalations,
      startDigest: (digest, isFirst) => startDigest(client, digest, isFirst),
      escalationDigestMs: config.escalationDigestMs,
      disable: (destination) => startDisabling(client, destination),
      recovered: (destination) => startRecovery(client, destination),
      others: { members: store.members, startNotice: (notice) => startNotice(client, notice) },
      channels: store.channels,
      publicUrl: config.publicUrl,
      calls,
      sender,
      mail,
      mailFrom: config.mail.from,
      links: mailLinks(config.publicUrl, store.signedTexts),
      ruleGoneGraceMs: RULE_GONE_GRACE_MS,
      tracer,
    }),
    activityInterceptors: [activityLog(log), ...metrics.activityInterceptors],
    workflowBundle: bundleFile(deployment ? 'versioned-workflow-bundle' : 'workflow-bundle'),
    version: deployment && { deploymentName: deployment.deploymentName, buildId: deployment.buildId },
  });
  const endCounting = keepCallCounts(calls, store.destinationCalls, warnTo(log));
  const running = worker.run();
  return {
    about: [`Mail: ${mail.describe()}`],
    ended: running,
    stop: async () => {
      worker.shutdown();
      await running.catch(() => undefined);
      await endCounting();
      await sender.close();
      mail.close();
    },
  };
}
