import { until } from '../support/executions';
import { answerJson, Receiver } from '../support/receiver';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

type Line = Record<string, unknown> & { level: string; msg: string };

const PAUSED = 'the rule is paused since 2026-01-01T00:00:00Z';
const SECRET = 'in-the-query-4711';

let service: ServiceProcess;
let receiver: Receiver;
/** Of another origin, which is disabled. */
let gone: Receiver;
let lines: Line[];
/** By rule. */
let executions: Record<string, string>;

beforeAll(async () => {
  receiver = await Receiver.start((request, response) => {
    const status = Number(request.path.slice(1, 4));
    answerJson(status, { secret: SECRET })(request, response);
  });
  gone = await Receiver.start(answerJson(410, { secret: SECRET }));
  // Nobody listens there: no e-mail goes out.
  service = await ServiceProcess.start(temporaryFolder(), {
    LOG_LEVEL: 'debug',
    SMTP_URL: 'smtp://127.0.0.1:1',
  });
  const rules = [
    ruleOf('good', `${receiver.url}/200`),
    ruleOf('bad', `${receiver.url}/503`),
    ruleOf('gone', gone.url),
    { ...ruleOf('paused', receiver.url), paused_at: '2026-01-01T00:00:00Z' },
  ];
  const { status, body: answer } = await service.call('PUT', '/v1/rules', { rules });
  if (status !== 200) throw new Error(JSON.stringify(answer));
  const { body } = await service.event({ type: 'log.tried', id: 'evt-log', data: { secret: SECRET } });
  executions = Object.fromEntries(body.executions.map((each) => [each.rule_id, each.execution_id]));
  lines = await until(async () => {
    const written = linesOf(service.program.errors);
    const isThere = (wanted: Partial<Line>) => written.some((line) => matches(line, wanted));
    return EXPECTED_LAST.every(isThere) ? written : undefined;
  });
}, 60_000);

afterAll(async () => {
  await service.kill('SIGTERM');
  await receiver.close();
  await gone.close();
});

/** What is written last, each by another way. */
const EXPECTED_LAST: Partial<Line>[] = [
  { msg: 'attempt delivered' },
  { msg: 'call held' },
  { msg: 'destination disabled' },
  { msg: 'Activity failed', activityType: 'escalate', ruleId: 'bad' },
];

function ruleOf(id: string, url: string) {
  return {
    id,
    name: `Rule ${id}`,
    owner: { email: 'ada@example.com' },
    event: { type: 'log.tried' },
    steps: [{ id: 'first', action: 'call_webhook', url: `${url}?token=${SECRET}` }],
    retry_schedule: ['1s'],
  };
}

function linesOf(text: string): Line[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
}

function matches(line: Line, wanted: Partial<Line>): boolean {
  return Object.entries(wanted).every(([name, value]) => line[name] === value);
}

/** The first line like this. */
function lineOf(wanted: Partial<Line>): Line {
  const found = lines.find((line) => matches(line, wanted));
  if (!found) throw new Error(`there is no line ${JSON.stringify(wanted)}`);
  return found;
}

it('every line says when, how grave it is, and which process wrote it', () => {
  for (const line of lines) {
    expect(line).toEqual(
      expect.objectContaining({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
        level: expect.stringMatching(/^(debug|info|warn|error)$/) as string,
        role: 'all',
        pid: expect.any(Number) as number,
        hostname: expect.any(String) as string,
        msg: expect.any(String) as string,
      }),
    );
  }
});

it('an execution is named with the event that started it', () => {
  expect(lineOf({ msg: 'execution started', ruleId: 'good' })).toMatchObject({
    level: 'info',
    executionId: executions['good'],
    workspace: 'default',
    ruleVersion: '1',
    eventId: 'evt-log',
    eventType: 'log.tried',
    steps: 1,
  });
});

it.each([
  ['good', { msg: 'attempt delivered', attempt: 1 }, { outcome: 'delivered', status: 200 }],
  ['bad', { msg: 'attempt failed', attempt: 1 }, { outcome: 'failed', status: 503 }],
  ['bad', { msg: 'attempt failed', attempt: 2 }, { error: '503 Service Unavailable' }],
  ['paused', { msg: 'call held', attempt: 1 }, { outcome: 'held', reason: PAUSED }],
])('an attempt of the rule "%s" is told with its execution: %j', (ruleId, wanted, told) => {
  expect(lineOf({ ...wanted, ruleId })).toMatchObject({
    level: 'info',
    executionId: executions[ruleId],
    workspace: 'default',
    stepId: 'first',
    origin: receiver.url,
    ...told,
  });
});

it('where the time of a call went is told at the finest level, which this is', () => {
  expect(lineOf({ msg: 'attempt delivered' })).toMatchObject({
    durationMs: expect.any(Number) as number,
    phases: { firstByteMs: expect.any(Number) as number },
  });
});

it('a mail that failed is a warning, with its execution', () => {
  expect(lineOf({ msg: 'Activity failed', activityType: 'escalate', ruleId: 'bad' })).toMatchObject({
    level: 'warn',
    executionId: executions['bad'],
    workspace: 'default',
    activityAttempt: 1,
    err: { message: expect.stringContaining('ECONNREFUSED') as string },
  });
});

it('a destination that is disabled is a warning', () => {
  expect(lineOf({ msg: 'destination disabled' })).toMatchObject({
    level: 'warn',
    workspace: 'default',
    origin: gone.url,
    reason: expect.stringContaining('410') as string,
  });
});

it('lines of the SDK about an execution name it', () => {
  const ofExecutions = lines.filter(({ workflowId }) => String(workflowId).startsWith('rule-execution/'));
  expect(ofExecutions.length).toBeGreaterThan(0);
  for (const { workflowId, executionId } of ofExecutions) {
    expect(workflowId).toBe(`rule-execution/${String(executionId)}`);
  }
});

it('no query, and nothing of what was sent and answered, is in it', () => {
  expect(service.program.errors).not.toContain(SECRET);
});
