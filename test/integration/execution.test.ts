import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { temporal } from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { startExecution } from '../../src/client/start-execution';
import { createMailTransport, type MailTransport } from '../../src/mail/transport';
import { Executions, scoreDrop, until, untilStatus, type Execution } from '../support/executions';
import {
  answerBytes,
  answerGigabyteOfGzip,
  answerJson,
  Receiver,
  type Answer,
  type ReceivedRequest,
} from '../support/receiver';
import { SmtpTestServer } from '../support/smtp';
import { createLocalEnvironment } from '../support/temporal';
import { temporaryFolder } from '../support/temporary-folder';

let environment: TestWorkflowEnvironment;
let smtp: SmtpTestServer;
let mail: MailTransport;
let executions: Executions;

beforeAll(async () => {
  environment = await createLocalEnvironment();
  smtp = await SmtpTestServer.start();
  mail = createMailTransport({ smtpUrl: smtp.url(), folder: temporaryFolder() });
  executions = await Executions.start(environment, mail);
});
afterAll(async () => {
  await executions.stop();
  mail.close();
  await smtp.stop();
  await environment.teardown();
});

let receiver: Receiver;
afterEach(() => receiver.close());

/** Starts a rule whose steps are the paths /1, /2, … of one receiver. */
async function start(
  answer: Answer,
  rule: { steps?: number; retry_schedule?: string[]; name?: string; id?: string } = {},
  event = scoreDrop(),
): Promise<Execution> {
  receiver = await Receiver.start(answer);
  const { steps = 1, ...rest } = rule;
  const urls = Array.from({ length: steps }, (_, index) => `${receiver.url}/${index + 1}`);
  executions.rulebook.put({ urls, ...rest });
  return executions.trigger(event);
}

const byPath =
  (answers: Record<string, Answer>): Answer =>
  (request, response) => {
    answers[request.path]?.(request, response);
  };

describe('a chain', () => {
  it('calls its steps in order, each with the url and response of all earlier ones', async () => {
    const execution = await start(
      byPath({
        '/1': answerBytes('{"asset": 9223372036854775807}', {
          'content-type': 'application/json',
          'x-trace': 'a',
        }),
        '/2': answerBytes('accepted', {}, 202),
        '/3': answerJson(200, {}),
      }),
      { steps: 3 },
    );
    await execution.result();

    expect(receiver.requests.map(({ path }) => path)).toEqual(['/1', '/2', '/3']);
    expect(receiver.requests.map(({ json }) => 'webhooks' in json)).toEqual([false, true, true]);
    const [, , third] = receiver.requests;
    expect(third?.text).toContain('"body":{"asset": 9223372036854775807}');
    expect(third?.json['webhooks']).toMatchObject([
      { url: `${receiver.url}/1`, response: { status: 200, headers: { 'x-trace': 'a' } } },
      { url: `${receiver.url}/2`, response: { status: 202, body: 'accepted' } },
    ]);
  });

  it('sends the fields of the contract, and one execution_id and created_at to all steps', async () => {
    const execution = await start(answerJson(200, {}), { steps: 2 });
    const { executionId } = await execution.result();
    const { startTime } = await execution.describe();
    for (const { json } of receiver.requests) {
      expect(json).toMatchObject({
        scorecard_id: '8e21f4aa-ee49-5f6d-be70-366b95ecc586',
        domain: 'example.com',
        trigger: { type: 'score_drop_threshold' },
        execution_id: executionId,
        created_at: startTime.toISOString(),
      });
    }
  });
});

describe('the same event again', () => {
  it('starts nothing', async () => {
    const event = scoreDrop();
    const execution = await start(answerJson(200, {}), {}, event);
    await execution.result();
    expect(await startExecution(executions.client, executions.plan(event))).toBe(false);
  });
});

describe('cancelling while a call is on its way', () => {
  /** As long as a first call must take for a cancellation to be heard of: see QUICK_MS. */
  const slow = () => delay(150);

  it('waits for the answer, and keeps it', async () => {
    let held: ServerResponse | undefined;
    const execution = await start((_request, response) => {
      held = response;
    });
    await receiver.received(1);
    await execution.cancel();
    await slow();
    held?.end('{}');
    expect(await execution.result()).toMatchObject({ status: 'delivered' });
  });

  it('calls no later step', async () => {
    let held: ServerResponse | undefined;
    const execution = await start(
      (_request, response) => {
        held = response;
      },
      { steps: 2 },
    );
    await receiver.received(1);
    await execution.cancel();
    await slow();
    held?.end('{}');
    await expect(execution.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('an escalation', () => {
  it('is the e-mail of the contract, word for word up to its links, to the owner as the rule is now', async () => {
    const mailed = smtp.nextMail();
    const execution = await start(answerBytes('', {}, 503), { retry_schedule: [], name: 'Score watch' });
    const { executionId } = await execution.result();
    const { mail: parsed } = await mailed;
    expect(parsed.subject).toBe('[Action Required] Failed Webhook Request');
    expect(parsed.to).toMatchObject({ value: [{ address: 'ada@example.com', name: 'Ada' }] });
    expect(parsed.messageId).toBe(`<rule-execution.${executionId}@example.com>`);
    const [contract] = parsed.text?.split('\n\nSee what was sent') ?? [];
    expect(contract).toBe(
      `Your webhook requests for the Rule Score watch have failed due to a network or destination server issue. We'll try again the next time a rule is triggered.

Please try one of the following:

* Edit the Rule to have the web request sent to a different URL
* Check your service internally or credentials for service availability

Details:

Failed Rule: Score watch
Webhook URL: ${receiver.url}/1
HTTP error: 503 Service Unavailable`,
    );
  });

  it('happens at once for a response that is too large for a step that must have it whole', async () => {
    receiver = await Receiver.start(answerBytes('x'.repeat(102_401)));
    executions.rulebook.put({ urls: [receiver.url], on_oversize: 'fail', retry_schedule: [] });
    const report = await (await executions.trigger()).result();
    expect(report.steps[0]?.attempts).toMatchObject([{ error: 'the response is larger than 100 KB' }]);
  });
});

describe('what a person sees in the Temporal UI and CLI', () => {
  const waiting = ['1h'];
  const text = (payload: { data?: Uint8Array | null } | null | undefined) =>
    payload?.data ? (JSON.parse(Buffer.from(payload.data).toString()) as string) : undefined;

  it('names the rule, the domain and the event on the workflow', async () => {
    const execution = await start(answerJson(200, {}), { name: 'Score watch' });
    await execution.result();
    expect(await (await execution.describe()).staticSummary()).toBe(
      'Score watch · example.com · score_drop_threshold',
    );
  });

  it('says first of a test that it is one', async () => {
    receiver = await Receiver.start(answerJson(200, {}));
    executions.rulebook.put({ urls: [receiver.url] });
    const execution = await executions.trigger(scoreDrop(), { test: true });
    await execution.result();
    expect(await (await execution.describe()).staticSummary()).toMatch(/^test · Score watch · /);
  });

  it('names the step, the URL and the retry on each activity, and the time on each timer', async () => {
    const execution = await start(answerBytes('', {}, 503), { retry_schedule: ['1s'] });
    await execution.result();
    const { events } = await execution.fetchHistory();
    const summaries = (events ?? []).map(({ userMetadata }) => text(userMetadata?.summary)).filter(Boolean);
    // The first attempt was made at once, and its failure is recorded.
    expect(summaries.slice(1, 5)).toEqual([
      `step 1 POST ${receiver.url}/1`,
      `step 1 POST ${receiver.url}/1`,
      expect.stringMatching(/^retry 1 of 1 at \d{4}-\d\d-\d\dT[\d:.]+Z$/),
      `step 1 POST ${receiver.url}/1 retry 1`,
    ]);
  });

  it('shows no query of a URL, which may hold a token', async () => {
    receiver = await Receiver.start(answerBytes('', {}, 503));
    executions.rulebook.put({ urls: [`${receiver.url}/hook?token=canary`], retry_schedule: ['1h'] });
    const execution = await executions.trigger();
    await untilStatus(execution, 'waiting_for_retry');
    const { events } = await execution.fetchHistory();
    const shown = (events ?? []).map(({ userMetadata }) => text(userMetadata?.summary)).join();
    expect(shown).not.toContain('canary');
    await execution.terminate();
  });

  it('shows a failed attempt as a failed activity with the reason', async () => {
    const execution = await start(answerBytes('', {}, 503), { retry_schedule: [] });
    await execution.result();
    const { events } = await execution.fetchHistory();
    const failures = (events ?? [])
      .map((event) => event.activityTaskFailedEventAttributes?.failure)
      .filter(Boolean);
    expect(failures).toMatchObject([
      { message: '503 Service Unavailable', applicationFailureInfo: { type: 'WebhookAttemptFailed' } },
    ]);
  });

  it('shows the chain so far as current details in Markdown', async () => {
    const execution = await start(byPath({ '/1': answerJson(201, {}), '/2': answerBytes('', {}, 503) }), {
      steps: 3,
      retry_schedule: waiting,
    });
    await untilStatus(execution, 'waiting_for_retry');
    const metadata = await execution.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(metadata.currentDetails).toMatch(
      /^\*\*Waiting for a retry\*\*\nRetry 1 of 1 at .*\n[^]*\| 1 \| .* \| 201 in \d+ ms \|\n\| 2 \| .* \| 503 Service Unavailable in \d+ ms \|\n\| 3 \| .* \| \| not called yet \|$/,
    );
    await execution.terminate();
  });

  async function listed(query: string): Promise<string[]> {
    const found: string[] = [];
    for await (const { workflowId } of environment.client.workflow.list({ query })) found.push(workflowId);
    return found;
  }

  it('lists what waits for a retry, and when it is due', async () => {
    const execution = await start(answerBytes('', {}, 503), { id: 'waits', retry_schedule: waiting });
    await untilStatus(execution, 'waiting_for_retry');
    const soon = new Date(Date.now() + 2 * 3_600_000).toISOString();
    const query = `RuleStatus = "waiting_for_retry" AND RuleId = "waits" AND RuleNextRetry < "${soon}"`;
    // The list follows the execution by a moment.
    const found = await until(async () => {
      const ids = await listed(query);
      return ids.length > 0 ? ids : undefined;
    });
    expect(found).toEqual([execution.workflowId]);
    await execution.terminate();
  });

  it.each([
    ['escalated', 'what was escalated for a rule'],
    ['cancelled', 'what was cancelled for a rule'],
    ['abandoned', 'what was abandoned because its rule is gone'],
    ['delivered', 'what was delivered by a retry'],
  ])('lists, as %s, %s', async (status) => {
    let calls = 0;
    const id = `ends-${status}`;
    const execution = await start(
      (_request, response) => {
        calls += 1;
        response.writeHead(status === 'delivered' && calls > 1 ? 200 : 503).end();
      },
      { id, retry_schedule: status === 'cancelled' ? ['1h'] : ['1s'] },
    );
    await untilStatus(execution, 'waiting_for_retry');
    if (status === 'cancelled') await execution.cancel();
    if (status === 'abandoned') executions.rulebook.delete(id);
    await execution.result().catch(() => undefined);
    const query = `RuleStatus = "${status}" AND RuleId = "${id}" AND RuleDomain = "example.com" AND RuleEventType = "score_drop_threshold"`;
    const found = await until(async () => {
      const ids = await listed(query);
      return ids.length > 0 ? ids : undefined;
    });
    expect(found).toEqual([execution.workflowId]);
  });

  it('keeps a straight success as short as Temporal allows', async () => {
    const lengths: number[] = [];
    // A call that is not quick, as on a busy machine, has a timer and one more workflow task.
    while (lengths.at(-1) !== 8 && lengths.length < 20) {
      const execution = await start(answerJson(200, {}));
      await execution.result();
      lengths.push((await execution.fetchHistory()).events?.length ?? 0);
      await receiver.close();
    }
    expect(lengths.at(-1)).toBe(8);
  });
});

describe('ten steps with the worst answers', () => {
  const size = 102_400;
  const deepJson = `${'['.repeat(size / 2)}${']'.repeat(size / 2)}`;
  const answers: [string, Answer, (last: ReceivedRequest) => unknown, unknown][] = [
    ['quotes', answerBytes('"'.repeat(size)), firstBodyLength, size],
    ['control characters', answerBytes('\u0001'.repeat(size)), firstBodyLength, size],
    ['random bytes', answerBytes(randomBytes(size)), firstBodyLength, Math.ceil(size / 3) * 4],
    ['deep JSON', answerBytes(deepJson), (last) => last.text.split(deepJson).length - 1, 9],
    ['gzip that inflates to 1 GB', answerGigabyteOfGzip, firstBodyLength, size],
  ];

  function firstBodyLength({ json }: ReceivedRequest): number {
    const [first] = json['webhooks'] as { response: { body: string } }[];
    return first?.response.body.length ?? 0;
  }

  function largestEvent(events: temporal.api.history.v1.IHistoryEvent[]): number {
    const { HistoryEvent } = temporal.api.history.v1;
    return Math.max(...events.map((event) => HistoryEvent.encode(event).finish().length));
  }

  it.each(answers)(
    'of %s are delivered to the last step, in small payloads and a small history',
    async (_what, answer, measure, expected) => {
      let lastStepCalls = 0;
      const execution = await start(
        (request, response) => {
          if (request.path === '/10' && (lastStepCalls += 1) <= 5) response.writeHead(503).end();
          else answer(request, response);
        },
        { steps: 10, retry_schedule: Array<string>(5).fill('1s') },
      );
      const report = await execution.result();
      expect(report).toMatchObject({ status: 'delivered' });
      expect(report.steps.at(-1)?.attempts).toHaveLength(6);
      expect(receiver.requests.slice(-1).map(measure)).toEqual([expected]);

      const { raw } = await execution.describe();
      expect(Number(raw.workflowExecutionInfo?.historySizeBytes)).toBeLessThan(2_000_000);
      const { events } = await execution.fetchHistory();
      expect(largestEvent(events ?? [])).toBeLessThan(500_000);
    },
  );
});
