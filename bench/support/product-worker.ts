import { join } from 'node:path';
import type { NativeConnection } from '@temporalio/worker';
import { noOperations } from './no-operations';
import { createActivities, type Activities } from '../../src/activities/index';
import type { StartBatch } from '../../src/activities/start-executions';
import { readConfig } from '../../src/config';
import { createEgress } from '../../src/delivery/egress';
import { ALL_OF_IT, Room } from '../../src/delivery/room/room';
import { createWebhookSender } from '../../src/delivery/send';
import { WORKER_SLOTS } from '../../src/shared/limits';
import type { Store } from '../../src/store/store';
import { createDataConverter } from '../../src/temporal/payload-codec';
import { createWorker } from '../../src/worker/create-worker';

/** Runs a worker of the product's that does nothing but executions, and may call this machine. */
export async function startProductWorker({
  connection,
  store,
  startBatch = async () => undefined,
  maxConcurrent = 20,
  wrap = (activities) => activities,
}: {
  connection: NativeConnection;
  store: Store;
  startBatch?: StartBatch;
  /** Of each destination; the service's own default unless told. */
  maxConcurrent?: number;
  wrap?: (activities: Activities) => Activities;
}): Promise<{ stop(): Promise<void> }> {
  const sender = createWebhookSender({
    egress: createEgress(readConfig({ ALLOWED_NETWORKS: '127.0.0.0/8' }, {}).egress),
    userAgent: 'bench',
  });
  const now = () => performance.now();
  const activities = createActivities({
    ...noOperations,
    rulebook: store.rulebook,
    callSettings: store.callSettings,
    room: new Room({ maxConcurrent, slots: WORKER_SLOTS, shares: ALL_OF_IT, now }),
    destinations: store.destinations,
    startBatch,
    sender,
    mail: { send: () => Promise.reject(new Error('no mail here')) },
    mailFrom: 'bench@example.com',
    ruleGoneGraceMs: 0,
  });
  const worker = await createWorker({
    connection,
    namespace: 'default',
    dataConverter: createDataConverter([]),
    activities: wrap(activities),
    workflowBundle: join(__dirname, '../../dist/workflow-bundle.js'),
  });
  const running = worker.run();
  const stop = async () => {
    worker.shutdown();
    await running;
    await sender.close();
  };
  return { stop };
}
