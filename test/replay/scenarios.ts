import type { ServerResponse } from 'node:http';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, type Workflow } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { OperatedExecutions } from '../../src/activities/bulk';
import type { StartBatch } from '../../src/activities/start-executions';
import type { StartScheduledRuns } from '../../src/activities/start-scheduled-runs';
import type { MailTransport, SentMail } from '../../src/mail/transport';
import type { MailMessage } from '../../src/mail/message';
import { MAX_INLINE_CONTEXT } from '../../src/shared/limits';
import { getExecution, retryNow } from '../../src/workflows/messages';
import { MemoryCallSettings } from '../support/call-settings';
import { Executions, noExecutions, until, untilStatus, type Execution } from '../support/executions';
import { answerBytes, answerJson, Receiver, type Answer } from '../support/receiver';

/** A way through a workflow whose history is kept. */
export interface Scenario {
  /** `executeRule` unless told. */
  workflowType?: string;
  case: string;
  /** Since which change of its workflow it is so. The first unless told. */
  version?: 'v2';
  /** What happens in it, for the manifest. */
  shows: string;
  /** `skipped`: on the time-skipping server; `real`: on the dev server, which is a whole server. */
  clock: 'skipped' | 'real';
  /** Brings an execution on its way; the recorder waits for its end. */
  run(lab: Lab): Promise<Pick<WorkflowHandle, 'result' | 'fetchHistory'>>;
}

const WEEK_MS = 7 * 24 * 3_600_000;

export const down = answerBytes('', {}, 503);
export const up = answerJson(200, { ok: true });
const busy = answerBytes('', { 'retry-after': '600' }, 429);
export const large = answerJson(200, { text: 'x'.repeat(MAX_INLINE_CONTEXT) });
export const shipped = (id: number) => answerJson(201, { id });

/** A receiver, a mail server and a worker for one execution. */
export class Lab {
  executions!: Executions;
  /** What a mail server does with the next mail. */
  mail: MailTransport['send'] = async ({ messageId }) => ({ messageId, receipt: '250 OK' });
  /** The ids of the rules that call a destination which is disabled. */
  callers = ['watch'];
  /** How a batch of a dispatcher's executions is started. */
  startBatch: StartBatch = async ({ limit }) => ({ started: limit, existed: 0 });
  /** How some of the executions of a run by the clock are started. */
  startScheduledRuns: StartScheduledRuns = async () => ({ started: 1, existed: 0 });
  /** What a bulk operation is about. */
  operated: OperatedExecutions = noExecutions;
  /** How many escalations were gathered for each digest in turn, and then none. */
  gathered: number[] = [];
  /** The ids of the rules of which executions were escalated in an outage. */
  escalatedRules: () => Promise<string[]> = async () => [];
  /** Whether the channel of notices is there, at the receiver. */
  hasChannel = true;
  /** How the destinations are to be called. */
  readonly callSettings = new MemoryCallSettings();
  private answers: Answer[] = [up];
  /** `each`: what the steps have besides their URLs. */
  private rule: { steps?: number; each?: object[]; retry_schedule?: string[]; paused_at?: string } = {};

  private constructor(
    readonly environment: TestWorkflowEnvironment,
    readonly receiver: Receiver,
  ) {}

  static async open(environment: TestWorkflowEnvironment): Promise<Lab> {
    const receiver: Receiver = await Receiver.start((request, response) => {
      const answer = lab.answers[receiver.requests.length - 1] ?? lab.answers.at(-1);
      answer?.(request, response);
    });
    const lab = new Lab(environment, receiver);
    await lab.startWorker();
    return lab;
  }

  async startWorker(): Promise<void> {
    this.executions = await Executions.start(
      this.environment,
      { send: (message) => this.mail(message) },
      {
        startBatch: (batch) => this.startBatch(batch),
        startScheduledRuns: (request) => this.startScheduledRuns(request),
        destinationSwitch: { disable: async () => true, rulesCalling: async () => this.callers },
        callSettings: this.callSettings,
        executions: {
          count: (filter) => this.operated.count(filter),
          page: (filter, page) => this.operated.page(filter, page),
          act: (request) => this.operated.act(request),
        },
        escalations: {
          record: async () => ({ kind: 'alone' }),
          gather: async () => this.gathered.shift() ?? 0,
          notice: async () => ({ total: 1, rule: undefined, owner: { email: 'ada@example.com' } }),
          ofNotice: async () => [],
          rulesEscalated: () => this.escalatedRules(),
        },
        channels: {
          open: async (_workspace, id) =>
            this.hasChannel ? { id, kind: 'teams', url: this.receiver.url } : undefined,
        },
      },
    );
    this.putRule(this.rule);
  }

  /** @param answers one for each call; the last one stays */
  async trigger(
    answers: Answer[],
    rule: Lab['rule'] = {},
    how: { workspace?: string; test?: boolean } = {},
  ): Promise<Execution> {
    this.answerWith(answers);
    this.putRule(rule);
    return this.executions.trigger(undefined, how);
  }

  /** @param answers one for each call; the last one stays */
  answerWith(answers: Answer[]): void {
    this.answers = answers;
  }

  putRule(rule: Lab['rule'], path = ''): void {
    this.rule = rule;
    const { steps = 1, each = [], ...rest } = rule;
    const urls = Array.from({ length: steps }, (_, index) => `${this.receiver.url}${path}/${index + 1}`);
    this.executions.rulebook.put({ urls, steps: each, ...rest });
  }

  deleteRule(): void {
    this.executions.rulebook.delete('watch');
  }

  /** The handle of another workflow, whose result a time-skipping server skips to. */
  handleOf<T extends Workflow>(workflowId: string): WorkflowHandle<T> {
    return this.environment.client.workflow.getHandle<T>(workflowId);
  }

  async close(): Promise<void> {
    await this.executions.stop();
    await this.receiver.close();
  }
}

/** An answer that comes when it is released. */
export function held(): { answer: Answer; release: (status: number) => void } {
  let waiting: ServerResponse | undefined;
  return {
    answer: (_request, response) => {
      waiting = response;
    },
    release: (status) => waiting?.writeHead(status).end(),
  };
}

/** A mail server in trouble. */
function refusing() {
  return jest.fn<Promise<SentMail>, [MailMessage]>(async () => {
    throw new Error('451 try again later');
  });
}

async function cancelDuringCall(
  lab: Lab,
  { answersAfterAll, steps }: { answersAfterAll: number; steps: number },
): Promise<Execution> {
  const call = held();
  const execution = await lab.trigger([call.answer], { steps });
  await lab.receiver.received(1);
  await execution.cancel();
  await until(async () => {
    const { events } = await execution.fetchHistory();
    return events?.find((event) => event.activityTaskCancelRequestedEventAttributes);
  });
  call.release(answersAfterAll);
  return execution;
}

/** Conditions that hold, and do not, of the sample event. */
const holds = { if: { 'trigger.current.score': { $lt: 80 } } };
const holdsNot = { if: { 'trigger.current.score': { $lt: 50 } } };

export const scenarios: Scenario[] = [
  {
    case: 'success',
    shows: 'one step, delivered by its first call',
    clock: 'real',
    run: (lab) => lab.trigger([up]),
  },
  {
    case: 'chain-of-three',
    shows: 'three steps, each given what the earlier ones answered',
    clock: 'real',
    run: (lab) => lab.trigger([shipped(1), shipped(2), shipped(3)], { steps: 3 }),
  },
  {
    case: 'large-chain',
    shows: 'a first answer too large to be carried: the later steps read it from history',
    clock: 'real',
    run: (lab) => lab.trigger([large, shipped(2), shipped(3)], { steps: 3 }),
  },
  {
    case: 'large-chain-with-retry',
    shows: 'a later step of a large chain fails once, and its retry reads from history again',
    clock: 'skipped',
    run: (lab) => lab.trigger([large, down, up], { steps: 2 }),
  },
  {
    case: 'success-on-first-retry',
    shows: 'a failed call, a wait of 6 min, a delivery',
    clock: 'skipped',
    run: (lab) => lab.trigger([down, up]),
  },
  {
    case: 'success-on-first-retry-real-server',
    shows: 'the same in seconds on a whole server, whose search attributes and timers are the real ones',
    clock: 'real',
    run: (lab) => lab.trigger([down, up], { retry_schedule: ['1s', '2s'] }),
  },
  {
    case: 'success-on-fifth-retry',
    shows: 'five failed calls, a delivery after 36 h',
    clock: 'skipped',
    run: (lab) => lab.trigger([down, down, down, down, down, up]),
  },
  {
    case: 'chain-each-step-on-retry',
    shows: 'two steps that fail once each: the second has a schedule of its own',
    clock: 'skipped',
    run: (lab) => lab.trigger([down, up, down, up], { steps: 2 }),
  },
  {
    case: 'retry-after',
    shows: 'a 429 with Retry-After: 600 moves the first retry from minute 6 to minute 10',
    clock: 'skipped',
    run: (lab) => lab.trigger([busy, up]),
  },
  {
    case: 'healed-by-an-edit',
    shows: "the rule's URL is edited in a wait, and the retry calls the new one",
    clock: 'real',
    async run(lab) {
      const execution = await lab.trigger([down, up], { retry_schedule: ['2s'] });
      await untilStatus(execution, 'waiting_for_retry');
      lab.putRule({ retry_schedule: ['2s'] }, '/new');
      return execution;
    },
  },
  {
    case: 'call-retried-for-a-fault-of-ours',
    shows:
      'the store is away when a call is to be made: the activity is retried, and no retry of the schedule is used',
    clock: 'real',
    async run(lab) {
      jest.spyOn(lab.executions.rulebook, 'rule').mockRejectedValueOnce(new Error('the store is away'));
      return lab.trigger([up]);
    },
  },
  {
    case: 'call-that-could-not-be-made',
    shows: 'a fault of ours that is not retryable counts as a failed call: the next retry is delivered',
    clock: 'skipped',
    async run(lab) {
      const fault = ApplicationFailure.nonRetryable('the step cannot be read');
      jest.spyOn(lab.executions.rulebook, 'rule').mockRejectedValueOnce(fault);
      return lab.trigger([up]);
    },
  },
  {
    case: 'delivered-after-a-week-without-the-store',
    shows:
      'the rule cannot be read for 7 days: the call counts as failed, and retry 1 is made up for 6 min later',
    clock: 'skipped',
    async run(lab) {
      const { rulebook } = lab.executions;
      const back = (await lab.environment.currentTimeMs()) + WEEK_MS;
      const rule = rulebook.rule.bind(rulebook);
      jest.spyOn(rulebook, 'rule').mockImplementation(async (workspace, id) => {
        if ((await lab.environment.currentTimeMs()) < back) throw new Error('the store is away');
        return rule(workspace, id);
      });
      return lab.trigger([up]);
    },
  },
  {
    case: 'escalated',
    shows: 'all six calls fail, and the owner gets the e-mail 36 h after the first',
    clock: 'skipped',
    run: (lab) => lab.trigger([down]),
  },
  {
    case: 'escalated-chain',
    shows: 'the second of three steps fails for good: escalated, the third is not called',
    clock: 'skipped',
    run: (lab) => lab.trigger([up, down], { steps: 3 }),
  },
  {
    case: 'escalated-at-once',
    shows: 'a rule without retries: one failed call, one e-mail',
    clock: 'real',
    run: (lab) => lab.trigger([down], { retry_schedule: [] }),
  },
  {
    case: 'escalated-after-smtp-failures',
    shows: 'the mail server refuses three times, then takes the e-mail',
    clock: 'skipped',
    async run(lab) {
      const refuse = refusing();
      const { mail: accept } = lab;
      lab.mail = (message) => (refuse.mock.calls.length < 3 ? refuse(message) : accept(message));
      return lab.trigger([down]);
    },
  },
  {
    case: 'failed-without-an-escalation',
    shows: 'the mail server refuses for 30 days: the workflow fails',
    clock: 'skipped',
    async run(lab) {
      lab.mail = refusing();
      return lab.trigger([down], { retry_schedule: [] });
    },
  },
  {
    case: 'cancelled-before-it-began',
    shows: 'cancelled before a worker saw it: nothing is called',
    clock: 'real',
    async run(lab) {
      await lab.executions.stop();
      const execution = await lab.trigger([up]);
      await execution.cancel();
      await lab.startWorker();
      return execution;
    },
  },
  {
    case: 'cancelled-in-a-wait',
    shows: 'cancelled while it waits for a retry: ended at once',
    clock: 'skipped',
    async run(lab) {
      const execution = await lab.trigger([down]);
      await untilStatus(execution, 'waiting_for_retry');
      await execution.cancel();
      return execution;
    },
  },
  {
    case: 'cancelled-during-a-call-that-fails',
    shows: 'cancelled while the first call is on its way: its answer, 503, is waited for and recorded',
    clock: 'real',
    run: (lab) => cancelDuringCall(lab, { answersAfterAll: 503, steps: 1 }),
  },
  {
    case: 'cancelled-during-a-call-of-a-chain',
    shows: 'cancelled while the first of two calls is on its way: it is delivered, the second is not made',
    clock: 'real',
    run: (lab) => cancelDuringCall(lab, { answersAfterAll: 200, steps: 2 }),
  },
  {
    case: 'cancelled-too-late',
    shows:
      'cancelled while its only call is on its way, which is delivered: so the execution ends as delivered',
    clock: 'real',
    run: (lab) => cancelDuringCall(lab, { answersAfterAll: 200, steps: 1 }),
  },
  {
    case: 'cancelled-while-escalating',
    shows: 'cancelled while the mail server is down: ended at once, without an e-mail',
    clock: 'real',
    async run(lab) {
      const mail = refusing();
      lab.mail = mail;
      const execution = await lab.trigger([down], { retry_schedule: [] });
      await until(async () => mail.mock.calls[0]);
      await execution.cancel();
      return execution;
    },
  },
  {
    case: 'retry-now-delivered',
    shows: 'after a query, the update retryNow ends the wait, and the extra call is delivered',
    clock: 'real',
    async run(lab) {
      const execution = await lab.trigger([down, up]);
      await untilStatus(execution, 'waiting_for_retry');
      await execution.executeUpdate(retryNow);
      return execution;
    },
  },
  {
    case: 'retry-now-failed',
    shows:
      'retryNow whose extra call fails: the wait goes on to the same retry, which is delivered after 6 min',
    clock: 'skipped',
    async run(lab) {
      const execution = await lab.trigger([down, down, up]);
      await untilStatus(execution, 'waiting_for_retry');
      await execution.executeUpdate(retryNow);
      await execution.query(getExecution);
      return execution;
    },
  },
  {
    case: 'retry-now-failed-then-escalated',
    shows: 'retryNow whose extra call fails uses up no retry: escalated after five more',
    clock: 'skipped',
    async run(lab) {
      const execution = await lab.trigger([down]);
      await untilStatus(execution, 'waiting_for_retry');
      await execution.executeUpdate(retryNow);
      return execution;
    },
  },
  {
    case: 'retry-now-refused',
    shows: 'retryNow while a call is on its way is refused, and leaves no trace',
    clock: 'real',
    async run(lab) {
      const call = held();
      const execution = await lab.trigger([call.answer]);
      await lab.receiver.received(1);
      await execution.executeUpdate(retryNow).catch(() => undefined);
      call.release(200);
      return execution;
    },
  },
  {
    case: 'retry-now-twice',
    shows: 'two retryNow in one moment: the first is taken, the second is refused',
    clock: 'real',
    async run(lab) {
      const execution = await lab.trigger([down, up]);
      await untilStatus(execution, 'waiting_for_retry');
      await Promise.allSettled([execution.executeUpdate(retryNow), execution.executeUpdate(retryNow)]);
      return execution;
    },
  },
  {
    case: 'abandoned',
    shows: 'the rule is deleted while its execution waits',
    clock: 'skipped',
    async run(lab) {
      const execution = await lab.trigger([down]);
      await untilStatus(execution, 'waiting_for_retry');
      lab.deleteRule();
      return execution;
    },
  },
  {
    case: 'abandoned-step-removed',
    shows: 'the second step is removed from the rule while the first is called',
    clock: 'real',
    run: (lab) =>
      lab.trigger(
        [
          (request, response) => {
            lab.putRule({ steps: 1 });
            up(request, response);
          },
        ],
        { steps: 2 },
      ),
  },
  {
    case: 'abandoned-when-escalating',
    shows: 'the rule is deleted between the last failed call and the e-mail',
    clock: 'real',
    run: (lab) =>
      lab.trigger(
        [
          (request, response) => {
            lab.deleteRule();
            down(request, response);
          },
        ],
        { retry_schedule: [] },
      ),
  },
  {
    case: 'skipped-step',
    shows: 'of three steps the condition of the second does not hold: it is skipped, and the third called',
    clock: 'real',
    run: (lab) => lab.trigger([shipped(1), shipped(3)], { steps: 3, each: [holds, holdsNot] }),
  },
  {
    case: 'skipped-after-a-large-answer',
    shows: 'a first answer too large to be carried, a skipped step, and a third that reads both from history',
    clock: 'real',
    run: (lab) =>
      lab.trigger([large, shipped(3)], {
        steps: 3,
        each: [{}, { if: { 'steps.step-1.response.status': 500 } }, { if: { 'webhooks.0.step': 'step-1' } }],
      }),
  },
  {
    case: 'all-steps-skipped',
    shows: 'no condition holds: nothing is called, and the execution ends as delivered',
    clock: 'real',
    run: (lab) => lab.trigger([up], { steps: 2, each: [holdsNot, holdsNot] }),
  },
  {
    case: 'skipped-on-a-retry',
    shows: 'a call fails, and in the wait the step gets a condition that does not hold: the retry skips it',
    clock: 'skipped',
    async run(lab) {
      const execution = await lab.trigger([down, up], { steps: 2 });
      await untilStatus(execution, 'waiting_for_retry');
      lab.putRule({ steps: 2, each: [holdsNot] });
      return execution;
    },
  },
  {
    case: 'skipped-last-after-a-retry',
    shows: 'the first step is delivered by a retry, the second is skipped: the ending becomes searchable',
    clock: 'skipped',
    run: (lab) => lab.trigger([down, up], { steps: 2, each: [{}, holdsNot] }),
  },
  {
    case: 'shaped-requests',
    shows: 'a PUT with a templated body and a static header, then a GET, then the contract’s body by PATCH',
    clock: 'real',
    run: (lab) =>
      lab.trigger([shipped(1), shipped(2), shipped(3)], {
        steps: 3,
        each: [
          { method: 'PUT', headers: { 'x-team': 'risk' }, body: { text: 'Now {{ trigger.current.score }}' } },
          { method: 'GET' },
          { method: 'PATCH' },
        ],
      }),
  },
  {
    case: 'template-that-cannot-be-rendered',
    shows:
      'a body that cannot be made fails the attempt without a call; an edit heals it before the first retry',
    clock: 'skipped',
    async run(lab) {
      const execution = await lab.trigger([up], {
        each: [{ body: '{{ "?" | base64_decode }}' }],
      });
      await untilStatus(execution, 'waiting_for_retry');
      lab.putRule({ each: [{ body: '{{ execution_id }}' }] });
      return execution;
    },
  },
  {
    case: 'escalated-after-a-skipped-step',
    shows: 'the first step is skipped, the second fails for good: escalated',
    clock: 'real',
    run: (lab) => lab.trigger([down], { steps: 2, each: [holdsNot], retry_schedule: [] }),
  },
  {
    case: 'cancelled-after-a-skipped-step',
    shows: 'the first step is skipped; cancelled while the second waits for its retry',
    clock: 'skipped',
    async run(lab) {
      const execution = await lab.trigger([down], { steps: 2, each: [holdsNot] });
      await untilStatus(execution, 'waiting_for_retry');
      await execution.cancel();
      return execution;
    },
  },
  {
    case: 'trial',
    shows: 'a test of the rule in a workspace of its own: delivered',
    clock: 'real',
    run: (lab) => lab.trigger([up], {}, { workspace: 'acme', test: true }),
  },
];
