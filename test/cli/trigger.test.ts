import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  deliveredProgress,
  escalatedProgress,
  EXECUTION_ID,
  OTHER_EXECUTION_ID,
  sampleAccepted,
} from '../support/api-samples';
import { CliRun, runCli, type CliOptions, type CliResult } from '../support/cli';
import { answer, problem, ScriptedApi, stream } from '../support/scripted-api';
import { temporaryFolder } from '../support/temporary-folder';

const EVENT = join(__dirname, '../../examples/scorecard_changed.json');
const RULE = `
id: watch
name: Watch
owner: { email: ada@example.com }
filters: { changes: { value: grade_drop }, scorecards: { value: followed } }
steps: [{ action: call_webhook, url: 'https://example.com/hook' }]
`;

let api: ScriptedApi;
let folder: string;
beforeAll(async () => {
  api = await ScriptedApi.start();
});
beforeEach(() => {
  api.reset();
  folder = temporaryFolder();
  api
    .on('POST /v1/events', answer(202, sampleAccepted))
    .on(`GET /v1/executions/${EXECUTION_ID}/follow`, stream(deliveredProgress))
    .on(`GET /v1/executions/${OTHER_EXECUTION_ID}/follow`, stream(deliveredProgress));
});
afterAll(() => api.close());

function run(args: string[], options: CliOptions = {}): Promise<CliResult> {
  return runCli(['trigger', ...args], api.environment, { cwd: folder, ...options });
}

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

it('shows what matched and what did not, and follows each execution to its delivery', async () => {
  const { code, stdout } = await run([EVENT]);
  const [head, report, first, firstId, second, secondId, unmatched, ...progress] = stdout
    .trimEnd()
    .split('\n');
  expect([head, report, first, firstId, second, secondId, unmatched]).toEqual([
    `Service: ${api.url}`,
    'Event evt_2026_0001: 2 matching, 1 not',
    '  open-ticket: score fell from 90 to 78, below 80',
    `    rule-execution/${EXECUTION_ID}`,
    '  page-oncall: network_security grade fell from A (92) to C (71)',
    `    rule-execution/${OTHER_EXECUTION_ID}`,
    '  quiet: no match, example.com is not my scorecard',
  ]);
  expect(progress.filter((line) => line.includes('open-ticket'))).toEqual([
    '2026-11-24T04:16:36.559Z  open-ticket  → step 1 POST http://127.0.0.1:4811/enrich',
    '2026-11-24T04:16:36.590Z  open-ticket  ✓ 200 in 9 ms',
    '2026-11-24T04:16:36.623Z  open-ticket  ■ delivered',
  ]);
  expect(code).toBe(0);
});

it('ends with 1 when one was not delivered', async () => {
  api.on(`GET /v1/executions/${OTHER_EXECUTION_ID}/follow`, stream(escalatedProgress));
  const { code, stdout } = await run([EVENT]);
  expect(stdout).toContain('page-oncall  ✉ e-mail to ada@example.com\n');
  expect(code).toBe(1);
});

it('with --json prints the answer and then each progress, a line each', async () => {
  const { stdout } = await run([EVENT, '--json']);
  const [accepted, ...progress] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { execution_id?: string });
  expect(accepted).toEqual(sampleAccepted);
  expect(progress.filter(({ execution_id }) => execution_id === EXECUTION_ID)).toEqual(
    deliveredProgress.map((event) => ({ execution_id: EXECUTION_ID, ...event })),
  );
});

it('with --detach follows nothing', async () => {
  const { code } = await run([EVENT, '--detach']);
  expect(api.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /v1/events']);
  expect(code).toBe(0);
});

it('with --detach --json prints one document', async () => {
  expect(JSON.parse((await run([EVENT, '--detach', '--json'])).stdout)).toEqual(sampleAccepted);
});

it('says that an event had started its executions before', async () => {
  api.on('POST /v1/events', answer(202, { ...sampleAccepted, duplicate: true }));
  const { stdout } = await run([EVENT, '--detach']);
  expect(stdout).toContain(
    'open-ticket: score fell from 90 to 78, below 80; this event had started it before\n',
  );
});

it('reads the event from the standard input as "-", and sends it to the last digit', async () => {
  const text = '{"type":"invoice.paid","data":{"id":9223372036854775807}}';
  await run(['-', '--detach'], { stdin: text });
  expect(api.to('POST /v1/events').map((request) => request.text)).toEqual([text]);
});

describe('when no rule matched', () => {
  const rules = Array.from({ length: 30 }, (_, index) => ({
    rule_id: `rule-${index}`,
    reason: 'the score rose',
  }));
  beforeEach(() => {
    const unmatched = { total: 500, rules };
    api.on('POST /v1/events', answer(202, { ...sampleAccepted, matched: 0, executions: [], unmatched }));
  });

  it('says why for some of them, and ends with 3', async () => {
    const { code, stdout } = await run([EVENT]);
    expect(stdout.match(/: no match, the score rose\n/g)).toHaveLength(10);
    expect(stdout).toMatch(/\n {2}490 more did not match \(--explain shows more\)\n$/);
    expect(code).toBe(3);
  });

  it('with --explain says why for all that the API tells', async () => {
    const { stdout } = await run([EVENT, '--explain']);
    expect(stdout.match(/: no match, the score rose\n/g)).toHaveLength(30);
  });
});

it('says that it does not follow what the answer does not list, and counts that as not delivered', async () => {
  api.on('POST /v1/events', answer(202, { ...sampleAccepted, matched: 1_500 }));
  const { code, stderr } = await run([EVENT]);
  expect(stderr).toBe('1498 more are not followed: rule-webhooks executions list --event evt_2026_0001\n');
  expect(code).toBe(1);
});

describe('--rule', () => {
  const applied = {
    dry_run: false,
    rules: [{ id: 'watch', outcome: 'created', version: 1 }],
    scorecards: { created: 0, updated: 0, unchanged: 0 },
    portfolios: [],
  };

  it('applies its file before the event is sent', async () => {
    api.on('PUT /v1/rules', applied);
    const { stdout } = await run([EVENT, '--detach', '--rule', file('r.yaml', RULE)]);
    expect(api.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /v1/rules',
      'POST /v1/events',
    ]);
    expect(stdout).toContain('Rules: watch created (version 1)\n');
  });

  it('with problems is not applied, and no event is sent', async () => {
    const { code, stderr } = await run([EVENT, '--rule', file('r.yaml', RULE.replace('https:', 'ftp:'))]);
    expect(stderr).toBe('r.yaml: steps[0].url: must begin with https:// or http://\n');
    expect(code).toBe(2);
    expect(api.requests).toEqual([]);
  });

  it('is not applied when the event is not valid', async () => {
    const { code, stderr } = await run([
      file('e.json', '{"type":"scorecard.changed"}'),
      '--rule',
      file('r.yaml', RULE),
    ]);
    expect(stderr).toMatch(/^e\.json: scorecard_id: /);
    expect(code).toBe(2);
    expect(api.requests).toEqual([]);
  });
});

describe('bad input', () => {
  it.each<[string, () => string[], RegExp]>([
    ['an absent event file', () => ['nowhere.json'], /^nowhere\.json: cannot be read: ENOENT/],
    ['an event that is not JSON', () => [file('e.json', '{')], /^e\.json: .*JSON/],
    [
      'an event of over 256 KB',
      () => [file('e.json', `"${'x'.repeat(262_144)}"`)],
      /is larger than 262144 bytes/,
    ],
    ['an absent rule file', () => [EVENT, '--rule', 'nowhere.yaml'], /^nowhere\.yaml: cannot be read/],
    [
      'a rule file without a rule',
      () => [EVENT, '--rule', file('r.yaml', 'rules: []')],
      /^r\.yaml: has no rule/,
    ],
    ['an unknown option', () => [EVENT, '--frobnicate'], /--frobnicate/],
    ['no event at all', () => [], /missing required argument 'file'/],
  ])('is refused with 2 before anything is asked of the API: %s', async (_what, args, message) => {
    const { code, stderr } = await run(args());
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(api.requests).toEqual([]);
  });

  it('that the API finds is named with its file and path', async () => {
    const errors = [
      { path: 'scorecard_id', message: 'is required' },
      { path: 'current.score', message: 'must be a number' },
    ];
    api.on('POST /v1/events', problem(422, 'The event is not valid; see "errors".', errors));
    const { code, stderr } = await run([file('e.json', '{}')]);
    expect(stderr).toBe('e.json: scorecard_id: is required\ne.json: current.score: must be a number\n');
    expect(code).toBe(2);
  });
});

it('ends with 6 when another event has the id', async () => {
  api.on('POST /v1/events', problem(409, 'Another event has the id evt_2026_0001.'));
  expect(await run([EVENT])).toMatchObject({ code: 6, stderr: 'Another event has the id evt_2026_0001.\n' });
});

it('ends with 7 when Temporal is away', async () => {
  api.on('POST /v1/events', problem(503, 'Temporal cannot be reached just now.', [], { 'retry-after': '5' }));
  expect(await run([EVENT])).toMatchObject({ code: 7, stderr: 'Temporal cannot be reached just now.\n' });
});

describe('when nothing runs', () => {
  /** A service of its own comes as far as these settings. */
  const wrong = { ALLOWED_NETWORKS: 'localhost' };

  it('starts a service, whose settings must be right: exit code 2', async () => {
    const { code, stdout, stderr } = await runCli(['trigger', EVENT], wrong, { cwd: folder });
    expect(stdout).toMatch(/^Nothing is running: starting a service/);
    expect(stderr).toMatch(/^ALLOWED_NETWORKS: /);
    expect(code).toBe(2);
  });

  it('does the same when the service that left its address is gone', async () => {
    const gone = await ScriptedApi.start();
    await gone.close();
    writeFileSync(join(folder, 'service.json'), JSON.stringify({ url: gone.url }));
    writeFileSync(join(folder, 'admin-key'), 'rwk_x\n');
    const { stdout } = await runCli(['trigger', EVENT, '--data-dir', folder], wrong);
    expect(stdout).toMatch(/^Nothing is running: starting a service/);
  });

  it('starts nothing for an event that is not valid', async () => {
    const event = file('e.json', '{"type":"scorecard.changed"}');
    const { code, stdout, stderr } = await runCli(['trigger', event], wrong, { cwd: folder });
    expect(stderr).toMatch(/^e\.json: scorecard_id: /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('does not with --detach, as nothing would go on', async () => {
    const { code, stderr } = await runCli(['trigger', EVENT, '--detach'], {}, { cwd: folder });
    expect(stderr).toMatch(/nothing is running that would go on without us/);
    expect(code).toBe(7);
  });

  it('does not when a service was named, which is away', async () => {
    const gone = await ScriptedApi.start();
    await gone.close();
    const { code, stdout, stderr } = await runCli(['trigger', EVENT], gone.environment);
    expect(stderr).toMatch(/^http:\/\/127\.0\.0\.1:\d+: nothing listens there/);
    expect({ code, started: stdout.includes('starting') }).toEqual({ code: 7, started: false });
  });
});

it('at Ctrl-C says that the executions go on, and ends with 130', async () => {
  api.on(`GET /v1/executions/${EXECUTION_ID}/follow`, stream(deliveredProgress.slice(0, 1), false));
  api.on(`GET /v1/executions/${OTHER_EXECUTION_ID}/follow`, stream([], false));
  const following = CliRun.start(['trigger', EVENT], api.environment);
  await following.printed(/→ step 1/);
  following.child.kill('SIGINT');
  const { code, stderr } = await following.ended();
  expect(stderr).toBe(
    'No longer following. The executions go on wherever the service runs, or at its next start.\n',
  );
  expect(code).toBe(130);
});
