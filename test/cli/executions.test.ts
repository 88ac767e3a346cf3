import type { ServerResponse } from 'node:http';
import {
  deliveredProgress,
  escalatedProgress,
  EXECUTION_ID,
  OTHER_EXECUTION_ID,
  sampleDetail,
  sampleExecution,
} from '../support/api-samples';
import { runCli, type CliResult } from '../support/cli';
import { page, problem, ScriptedApi, stream } from '../support/scripted-api';

let api: ScriptedApi;
beforeAll(async () => {
  api = await ScriptedApi.start();
});
beforeEach(() => {
  api.reset();
});
afterAll(() => api.close());

function run(...args: string[]): Promise<CliResult> {
  return runCli(['executions', ...args], api.environment);
}

describe('list', () => {
  it('prints a table', async () => {
    api.on(
      'GET /v1/executions',
      page(sampleExecution, { ...sampleExecution, test: true, next_retry_at: null }),
    );
    const { code, stdout } = await run('list');
    const [titles, first, second] = stdout.split('\n');
    expect(titles).toMatch(/^EXECUTION +RULE +DOMAIN +EVENT +TYPE +STATUS +AGE +RETRY$/);
    expect(first).toMatch(
      /^3f74765e-\S+ +open-ticket +example\.com +evt_2026_0001 +score_drop_threshold +waiting_for_retry +\d+[smhd] +in \d+d$/,
    );
    expect(second).toMatch(/ open-ticket \(test\) .* -$/);
    expect(code).toBe(0);
  });

  it('with --json prints what the API answers', async () => {
    api.on('GET /v1/executions', page(sampleExecution));
    expect(JSON.parse((await run('list', '--json')).stdout)).toEqual(page(sampleExecution));
  });

  it('asks for what its filters say', async () => {
    api.on('GET /v1/executions', page());
    const filters = [
      '--rule',
      'open-ticket',
      '--domain',
      'example.com',
      '--status',
      'running',
      '--event',
      'evt_1',
    ];
    const times = ['--from', '2026-11-24', '--to', '2026-11-25T00:00:00Z'];
    await run('list', ...filters, '--type', 'grade_drop', '--no-test', ...times, '--limit', '7');
    expect(api.requests[0]?.query).toEqual({
      rule: 'open-ticket',
      domain: 'example.com',
      status: 'running',
      event: 'evt_1',
      type: 'grade_drop',
      test: 'false',
      from: '2026-11-24T00:00:00.000Z',
      to: '2026-11-25T00:00:00.000Z',
      limit: '7',
    });
  });

  it('asks for tests and others alike unless told', async () => {
    api.on('GET /v1/executions', page());
    await run('list');
    expect(api.requests[0]?.query).toEqual({ limit: '50' });
  });

  it('asks for several statuses at once', async () => {
    api.on('GET /v1/executions', page());
    await run('list', '--status', 'held,paused');
    expect(api.requests[0]?.query).toEqual({ status: 'held,paused', limit: '50' });
  });

  it.each([
    ['a status that there is not', ['--status', 'happy']],
    ['several statuses of which there is not one', ['--status', 'held,happy']],
    ['a time that is none', ['--from', 'tomorrow']],
    ['a limit that is none', ['--limit', '0']],
  ])('refuses %s with 2', async (_what, args) => {
    expect((await run('list', ...args)).code).toBe(2);
    expect(api.requests).toEqual([]);
  });
});

describe('count', () => {
  beforeEach(() => {
    api.on('GET /v1/executions/count', { count: 42 });
  });

  it('prints a number', async () => {
    const result = await run('count', '--status', 'escalated', '--test');
    expect(api.requests[0]?.query).toEqual({ status: 'escalated', test: 'true' });
    expect(result).toEqual({ code: 0, stdout: '42\n', stderr: '' });
  });

  it('with --json prints what the API answers', async () => {
    expect(JSON.parse((await run('count', '--json')).stdout)).toEqual({ count: 42 });
  });
});

describe('show', () => {
  beforeEach(() => {
    api.on(`GET /v1/executions/${EXECUTION_ID}`, sampleDetail);
  });

  it('prints the timeline: each step with its attempts, what it was answered, and what comes next', async () => {
    const { code, stdout } = await run('show', EXECUTION_ID);
    expect(stdout).toBe(`Execution ${EXECUTION_ID}  waiting_for_retry
  rule      open-ticket (version 3): Open a ticket
  event     evt_2026_0001, score_drop_threshold, example.com
  trigger   {"type":"score_drop_threshold","threshold":80}
  created   2026-11-24T04:16:36.500Z
  next      retry 1 of 5 at 2026-11-24T04:22:36.594Z (due)

Step 1 enrich  http://127.0.0.1:4811/enrich  delivered
  #1  2026-11-24T04:16:36.559Z  POST  ✓ 200 in 9 ms
     response:
       {
         "owner_team": "platform",
         "asset_id": 9223372036854775807
       }

Step 2 maybe  http://127.0.0.1:4811/maybe  skipped: trigger.threshold is 80, not above 90

Step 3 ticket  http://127.0.0.1:4811/down  waiting_for_retry
  #1  2026-11-24T04:16:36.625Z  POST  http://127.0.0.1:4811/down?x=1  ✗ 503 Service Unavailable in 2 ms
     response:
       <h1>down</h1>
       … (only the beginning was kept)
`);
    expect(code).toBe(0);
  });

  it('with --verbose prints requests and headers too', async () => {
    const { stdout } = await run('show', EXECUTION_ID, '--verbose');
    expect(stdout).toContain('     request:\n       {\n         "execution_id": "3f74765e",\n');
    expect(stdout).toContain('       content-type: application/json\n');
  });

  it('with --verbose prints what the owner was told, and obeys nothing in it', async () => {
    const escalation = {
      to: 'owner@example.com',
      sent_at: '2026-11-25T16:22:36.594Z',
      gathered_until: null,
      mail: { subject: 'Rule failed', text: 'Domain: example.com\n\nError: 503\u001b[2J\n' },
    };
    api.on(`GET /v1/executions/${EXECUTION_ID}`, { ...sampleDetail, escalation });
    const { stdout } = await run('show', EXECUTION_ID, '--verbose');
    expect(stdout).toMatch(/\nE-mail Rule failed\n {7}Domain: example\.com\n\n {7}Error: 503\n$/);
  });

  it('takes the id of the workflow too, as Temporal shows it', async () => {
    expect((await run('show', `rule-execution/${EXECUTION_ID}`)).code).toBe(0);
  });

  it('with --json prints what the API answers', async () => {
    expect(JSON.parse((await run('show', EXECUTION_ID, '--json')).stdout)).toEqual(sampleDetail);
  });

  it('obeys nothing that a receiver wrote', async () => {
    const [step] = sampleDetail.steps;
    const [attempt] = step?.attempts ?? [];
    const response = {
      headers: {},
      body: '\u001b[2J\u0007\u009b31mhello\u202e',
      encoding: 'utf8',
      truncated: false,
    };
    const attempts = [{ ...attempt, error: '500 \u001b]0;owned\u0007', status: 500, response }];
    api.on(`GET /v1/executions/${EXECUTION_ID}`, { ...sampleDetail, steps: [{ ...step, attempts }] });
    const { stdout } = await run('show', EXECUTION_ID);
    expect(stdout).toContain('       hello\n');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it('shows a long body in few lines', async () => {
    const [step] = sampleDetail.steps;
    const [attempt] = step?.attempts ?? [];
    const response = { headers: {}, body: 'line\n'.repeat(100), encoding: 'utf8', truncated: false };
    const steps = [{ ...step, attempts: [{ ...attempt, response }] }];
    api.on(`GET /v1/executions/${EXECUTION_ID}`, { ...sampleDetail, steps });
    expect((await run('show', EXECUTION_ID)).stdout).toMatch(
      /( {7}line\n){6} {7}… 94 more lines \(--verbose\)\n$/,
    );
  });

  it('of one that is not there ends with 4', async () => {
    expect((await run('show', OTHER_EXECUTION_ID)).code).toBe(4);
  });
});

describe('follow', () => {
  it('prints each thing that happens, and ends with 0 when it was delivered', async () => {
    api.on(`GET /v1/executions/${EXECUTION_ID}/follow`, stream(deliveredProgress));
    const { code, stdout } = await run('follow', EXECUTION_ID);
    expect(stdout.split('\n')[1]).toBe(`2026-11-24T04:16:36.590Z  ${EXECUTION_ID}  ✓ 200 in 9 ms`);
    expect(code).toBe(0);
  });

  it('with --json prints a line for each', async () => {
    api.on(`GET /v1/executions/${EXECUTION_ID}/follow`, stream(deliveredProgress));
    const { stdout } = await run('follow', EXECUTION_ID, '--json');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      deliveredProgress.map((event) => ({ execution_id: EXECUTION_ID, ...event })),
    );
  });

  it('of several ends with 1 when one was not delivered', async () => {
    api.on(`GET /v1/executions/${EXECUTION_ID}/follow`, stream(deliveredProgress));
    api.on(`GET /v1/executions/${OTHER_EXECUTION_ID}/follow`, stream(escalatedProgress));
    expect((await run('follow', EXECUTION_ID, OTHER_EXECUTION_ID)).code).toBe(1);
  });

  it('ends with 5 when the key may not', async () => {
    api.on(`GET /v1/executions/${EXECUTION_ID}/follow`, problem(403, 'A sender may only post events.'));
    expect(await run('follow', EXECUTION_ID)).toMatchObject({
      code: 5,
      stderr: 'A sender may only post events.\n',
    });
  });
});

describe('export', () => {
  it('prints a line for each execution', async () => {
    api.on('GET /v1/executions/export', (_request: unknown, response: ServerResponse) => {
      response.end(`${JSON.stringify(sampleExecution)}\n${JSON.stringify(sampleDetail)}\n`);
    });
    const { code, stdout } = await run('export', '--rule', 'open-ticket', '--detail');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([sampleExecution, sampleDetail]);
    expect(api.requests[0]?.query).toEqual({ rule: 'open-ticket', detail: 'true' });
    expect(code).toBe(0);
  });

  it('fails when the connection breaks off', async () => {
    api.on('GET /v1/executions/export', (_request: unknown, response: ServerResponse) => {
      response.write(`${JSON.stringify(sampleExecution)}\n`, () => response.destroy());
    });
    const { code, stderr } = await run('export');
    expect(code).not.toBe(0);
    expect(stderr).toContain(api.url);
  });
});
