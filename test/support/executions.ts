import { testLinks } from './mail-links';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, type WorkflowHandle } from '@temporalio/client';
import type { DataConverter, WorkerDeploymentVersion } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Worker } from '@temporalio/worker';
import type { EscalatedRules } from '../../src/activities/announce-recovery';
import type { OperatedExecutions } from '../../src/activities/bulk';
import type { CallRoom } from '../../src/activities/call-room';
import type { DestinationRecord, DisableDestination } from '../../src/activities/destination-health';
import type { EscalationRecord } from '../../src/activities/escalate';
import type { GatheredRecord } from '../../src/activities/escalation-digest';
import { startDigest } from '../../src/client/start-digest';
import { startNotice } from '../../src/client/start-notice';
import type { DestinationSwitch } from '../../src/activities/disable-destination';
import type { ChannelBook } from '../../src/activities/deliver-notice';
import { createActivities } from '../../src/activities/index';
import type { StartBatch } from '../../src/activities/start-executions';
import type { StartScheduledRuns } from '../../src/activities/start-scheduled-runs';
import { CallCounter } from '../../src/destinations/call-counts';
import { executionIdOf } from '../../src/client/execution-id';
import { startExecution } from '../../src/client/start-execution';
import { createWebhookSender, type WebhookSender } from '../../src/delivery/send';
import type { CallSettingsSource } from '../../src/destinations/call-settings';
import type { MailTransport } from '../../src/mail/transport';
import { scorecardEventSchema, type ScorecardEvent } from '../../src/rules/event';
import { match } from '../../src/rules/match';
import { planExecution } from '../../src/rules/plan-execution';
import type { RuleExecution } from '../../src/shared/execution';
import { DEFAULT_WORKSPACE, workflowIdOf } from '../../src/shared/ids';
import { createWorker } from '../../src/worker/create-worker';
import type { executeRule } from '../../src/workflows/execute-rule';
import { getExecution, type ExecutionReport } from '../../src/workflows/messages';
import type { ExecutionStatus } from '../../src/shared/execution-status';
import { MemoryCallSettings } from './call-settings';
import { groups, MemoryRulebook } from './memory-rulebook';
import { testEgress } from './egress';
import { testRoom } from './room';

export const WORKFLOW_BUNDLE = join(__dirname, '../../dist/workflow-bundle.js');
export const VERSIONED_WORKFLOW_BUNDLE = join(__dirname, '../../dist/versioned-workflow-bundle.js');

/** The sample event: example.com falls from 90 to 78. */
export function scoreDrop(id: string = randomUUID()): ScorecardEvent {
  const sample = readFileSync(join(__dirname, '../../examples/scorecard_changed.json'), 'utf8');
  return scorecardEventSchema.parse({ ...(JSON.parse(sample) as object), id });
}

export type Execution = WorkflowHandle<typeof executeRule>;

const noRecord: DestinationRecord = {
  recordFailure: async () => undefined,
  outageTold: async () => undefined,
  recordSuccess: async () => undefined,
  claimProbe: async () => true,
};

/** For tests without bulk operations. */
export const noExecutions: OperatedExecutions = {
  count: async () => 0,
  page: async () => ({ items: [], nextCursor: null }),
  act: async () => ({ outcome: 'not-found' }),
};

/** Each escalation has a mail of its own. */
const allAlone: EscalationRecord & GatheredRecord & EscalatedRules = {
  record: async () => ({ kind: 'alone' }),
  gather: async () => 0,
  notice: async () => ({ total: 0, rule: undefined, owner: undefined }),
  ofNotice: async () => [],
  rulesEscalated: async () => [],
};

const noChannels: ChannelBook = { open: async () => undefined };

const noSwitch: DestinationSwitch = { disable: async () => false, rulesCalling: async () => [] };

/** A worker with everything real behind it: what a test needs to run executions against its receivers. */
export class Executions {
  /** Starts executions as the program does: over the worker's own connection. */
  readonly client: Client;
  private readonly running: Promise<void>;

  private constructor(
    private readonly environment: TestWorkflowEnvironment,
    temporal: ReturnType<typeof temporalOf>,
    private readonly worker: Worker,
    private readonly sender: WebhookSender,
    readonly rulebook: MemoryRulebook,
  ) {
    this.client = new Client(temporal);
    this.running = worker.run();
  }

  static async start(
    environment: TestWorkflowEnvironment,
    mail: Pick<MailTransport, 'send'>,
    {
      ruleGoneGraceMs = 0,
      destinations = noRecord,
      callSettings = new MemoryCallSettings(),
      room = testRoom(),
      startBatch = async () => undefined,
      startScheduledRuns = async () => ({ started: 0, existed: 0 }),
      rulebook = new MemoryRulebook(),
      executions = noExecutions,
      destinationSwitch = noSwitch,
      disable = async () => undefined,
      escalations = allAlone,
      channels = noChannels,
      dataConverter,
      version,
    }: {
      ruleGoneGraceMs?: number;
      destinations?: DestinationRecord;
      callSettings?: CallSettingsSource;
      room?: CallRoom;
      startBatch?: StartBatch;
      startScheduledRuns?: StartScheduledRuns;
      rulebook?: MemoryRulebook;
      executions?: OperatedExecutions;
      destinationSwitch?: DestinationSwitch;
      disable?: DisableDestination;
      escalations?: EscalationRecord & GatheredRecord & EscalatedRules;
      channels?: ChannelBook;
      /** The environment's unless told. */
      dataConverter?: DataConverter;
      /** Without it, the worker is unversioned. */
      version?: WorkerDeploymentVersion;
    } = {},
  ): Promise<Executions> {
    const temporal = { ...temporalOf(environment), ...(dataConverter && { dataConverter }) };
    const sender = createWebhookSender({ egress: testEgress(), userAgent: 'rule-webhooks/test' });
    const worker = await createWorker({
      ...temporal,
      activities: createActivities({
        rulebook,
        callSettings,
        room,
        sender,
        mail,
        mailFrom: 'rules@example.com',
        links: testLinks,
        ruleGoneGraceMs,
        destinations,
        startBatch,
        startScheduledRuns,
        executions,
        destinationSwitch,
        disable,
        recovered: async () => undefined,
        escalations,
        startDigest: (digest, isFirst) => startDigest(new Client(temporal), digest, isFirst),
        others: {
          members: { get: async () => undefined },
          startNotice: (notice) => startNotice(new Client(temporal), notice),
        },
        channels,
        publicUrl: 'https://rules.example.com',
        escalationDigestMs: 3_600_000,
        calls: new CallCounter(),
      }),
      workflowBundle: version ? VERSIONED_WORKFLOW_BUNDLE : WORKFLOW_BUNDLE,
      version,
    });
    return new Executions(environment, temporal, worker, sender, rulebook);
  }

  /** Starts the execution of the one rule, which must match the sample event. */
  async trigger(event = scoreDrop(), how: { workspace?: string; test?: boolean } = {}): Promise<Execution> {
    const execution = this.plan(event, how);
    await startExecution(this.client, execution);
    return this.handle(execution);
  }

  handle({ executionId }: Pick<RuleExecution, 'executionId'>): Execution {
    // The environment's client is the one whose waiting for a result lets a time-skipping server skip.
    return this.environment.client.workflow.getHandle<typeof executeRule>(workflowIdOf(executionId));
  }

  /** What an event starts of the one rule, which must match it. */
  plan(
    event: ScorecardEvent,
    { workspace = DEFAULT_WORKSPACE, test = false }: { workspace?: string; test?: boolean } = {},
  ): RuleExecution {
    const [only] = this.rulebook.rules();
    if (only === undefined) throw new Error('there is no rule');
    const found = match(only.rule, event, groups);
    if (!found.matches) throw new Error(found.reason);
    const eventId = event.id ?? randomUUID();
    return planExecution({
      ...only,
      event,
      eventId,
      trigger: found.trigger,
      executionId: executionIdOf(workspace, only.rule.id, eventId),
      workspace,
      test,
    });
  }

  async stop(): Promise<void> {
    this.worker.shutdown();
    await this.running;
    await this.sender.close();
  }
}

/** What clients and workers of an environment need. */
export function temporalOf({ nativeConnection, namespace = 'default', client }: TestWorkflowEnvironment) {
  return { connection: nativeConnection, namespace, dataConverter: client.options.dataConverter };
}

/** Waits until an execution stands as it should. */
export async function untilStatus(execution: Execution, status: ExecutionStatus): Promise<ExecutionReport> {
  return until(async () => {
    const report = await execution.query(getExecution);
    return report.status === status ? report : undefined;
  });
}

/** Between two questions at most: what is asked has other things to do. Milliseconds. */
const MAX_PAUSE_MS = 100;

/** Asks until there is an answer. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let pauseMs = 20; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(pauseMs);
  }
}

/** Seconds of the server's clock from the first call to each call of `activity`, rounded. */
export async function secondsOfCalls(execution: Execution, activity = 'deliverWebhook'): Promise<number[]> {
  const { events } = await execution.fetchHistory();
  const times = (events ?? [])
    .filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activity)
    .map(({ eventTime }) => Number(eventTime?.seconds) + Number(eventTime?.nanos) / 1e9);
  return times.map((time) => Math.round(time - (times[0] ?? 0)));
}
