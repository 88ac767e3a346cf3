import { sampleCalledDestination, sampleDestination } from '../support/api-samples';
import { runCli, type CliOptions, type CliResult } from '../support/cli';
import { answer, page, problem, ScriptedApi } from '../support/scripted-api';

const ORIGIN = 'https://hooks.example.com';
const PATH = '/v1/destinations/https%3A%2F%2Fhooks.example.com';

let api: ScriptedApi;
beforeAll(async () => {
  api = await ScriptedApi.start();
});
beforeEach(() => {
  api.reset();
});
afterAll(() => api.close());

function run(args: string[], options: CliOptions = {}): Promise<CliResult> {
  return runCli(['destinations', ...args], api.environment, options);
}

describe('destinations list', () => {
  it('prints a table', async () => {
    api.on('GET /v1/destinations', page(sampleCalledDestination));
    const { code, stdout } = await run(['list']);
    expect(stdout).toMatch(
      /\nhttps:\/\/hooks\.example\.com +crm +- +5 at once, 2\.5\/s +ok +99\.9 % +16 ms +23 ms +503 Service Unavailable\n$/,
    );
    expect(code).toBe(0);
  });

  it('says which are failing', async () => {
    const health = { ...sampleCalledDestination.health, failing_since: '2026-11-22T08:00:00.000Z' };
    api.on('GET /v1/destinations', page({ ...sampleCalledDestination, health }));
    expect((await run(['list'])).stdout).toMatch(/ failing for \d+d /);
  });

  it('says nothing of calls where there were none', async () => {
    const calls = { ...sampleCalledDestination.calls, success_rate: null, latency_ms: null };
    api.on('GET /v1/destinations', page({ ...sampleCalledDestination, calls }));
    expect((await run(['list'])).stdout).toMatch(/ ok +- +- +- +503 Service Unavailable\n$/);
  });

  it('with --json prints what the API answers', async () => {
    api.on('GET /v1/destinations', page(sampleCalledDestination));
    expect(JSON.parse((await run(['list', '--json'])).stdout)).toEqual(page(sampleCalledDestination));
  });
});

describe('destinations calls', () => {
  const since = '2026-11-26T11:00:00.000Z';

  it('tells the success rate and latencies', async () => {
    const latency = { p50: 16, p95: 23, p99: 4_096 };
    api.on(`GET ${PATH}/calls`, {
      since,
      delivered: 1_999,
      failed: 1,
      success_rate: 0.9995,
      latency_ms: latency,
    });
    expect((await run(['calls', ORIGIN])).stdout).toBe(
      `2000 calls since ${since}: 1999 delivered, 1 failed (99.9 % success)\nlatency: 16 ms median, 23 ms p95, 4096 ms p99\n`,
    );
  });
});

describe('destinations show', () => {
  const COUNT = 'GET /v1/executions/count';
  beforeEach(() => {
    api.on(COUNT, { count: 0 });
  });

  it('shows how calls to it go, and how many executions it holds up', async () => {
    const health = { ...sampleCalledDestination.health, consecutive_failures: 3 };
    api.on(`GET ${PATH}`, { ...sampleCalledDestination, health });
    api.on(COUNT, { count: 7 });
    const { stdout } = await run(['show', ORIGIN]);
    expect(stdout).toContain(
      '\nfailures: 3 in a row\nlast error: 503 Service Unavailable\n' +
        'calls: 2000 since 2026-11-25T12:00:00.000Z: 1999 delivered, 1 failed (99.9 % success)\n' +
        'latency: 16 ms median, 23 ms p95, 4096 ms p99\nheld: 7 executions\n',
    );
    expect(api.to(COUNT)[0]?.query).toEqual({ destination: ORIGIN, status: 'held' });
  });

  it('shows all else while Temporal is away', async () => {
    api.on(`GET ${PATH}`, sampleCalledDestination);
    api.on(COUNT, problem(503, 'Temporal does not answer'));
    const { code, stdout } = await run(['show', ORIGIN]);
    expect(stdout).toMatch(/\nheld: unknown: .*Temporal does not answer/);
    expect(code).toBe(0);
  });

  it('shows what is set, and the keys that sign', async () => {
    api.on(`GET ${PATH}`, sampleCalledDestination);
    const { code, stdout } = await run(['show', ORIGIN]);
    expect(stdout).toMatch(/^https:\/\/hooks\.example\.com {2}ok\nauth: crm\nlimits: 5 at once, 2\.5\/s\n/);
    expect(stdout).toMatch(/\nsk_abcdefghijklmnopqrst +v1 +\d+d +- +yes +-\n/);
    expect(stdout).toMatch(/\nsk_bbcdefghijklmnopqrst +v1a +\d+d +in \d+d +never +whpk_QUJD\n$/);
    expect(code).toBe(0);
  });

  it('says how the first key comes to be', async () => {
    api.on(`GET ${PATH}`, { ...sampleCalledDestination, signing_keys: [] });
    expect((await run(['show', ORIGIN])).stdout).toContain('No signing key yet');
  });

  it('with --json prints what the API answers', async () => {
    api.on(`GET ${PATH}`, sampleCalledDestination);
    expect(JSON.parse((await run(['show', ORIGIN, '--json'])).stdout)).toEqual(sampleCalledDestination);
  });

  it('ends with 4 when there is none', async () => {
    expect((await run(['show', ORIGIN])).code).toBe(4);
  });
});

describe('destinations set', () => {
  const { auth, tls, limits } = sampleDestination;
  beforeEach(() => {
    api.on(`GET ${PATH}`, sampleDestination);
    api.on(`PUT ${PATH}`, answer(200, sampleDestination));
  });

  it.each<[string, string[], object]>([
    ['one credential', ['--auth', 'erp'], { auth: 'erp', tls, limits }],
    ['no credential', ['--no-auth', '--tls', 'mine'], { auth: null, tls: 'mine', limits }],
    [
      'one limit beside others',
      ['--requests-per-second', '0.5'],
      { auth, tls, limits: { ...limits, requests_per_second: 0.5 } },
    ],
    [
      'no limits but one',
      ['--no-limits', '--burst', '3'],
      { auth, tls, limits: { max_concurrent: null, requests_per_second: null, burst: 3 } },
    ],
  ])('sends %s, and the rest as it is', async (_what, args, sent) => {
    const { code, stderr } = await run(['set', ORIGIN, ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(api.bodies(`PUT ${PATH}`)).toEqual([sent]);
    expect(api.to(`PUT ${PATH}`)[0]?.headers['if-match']).toBe('"3"');
  });

  it('for one that is not there yet sends it only while there is none', async () => {
    api.on(`GET ${PATH}`, problem(404, 'There is no such destination.'));
    await run(['set', ORIGIN, '--auth', 'erp']);
    expect(api.to(`PUT ${PATH}`)[0]?.headers['if-none-match']).toBe('*');
    expect(api.bodies(`PUT ${PATH}`)).toMatchObject([{ auth: 'erp', limits: { max_concurrent: null } }]);
  });

  it('for one that nothing was set for sends it only while nothing is', async () => {
    api.on(`GET ${PATH}`, { ...sampleDestination, auth: null, version: 0 });
    await run(['set', ORIGIN, '--auth', 'erp']);
    expect(api.to(`PUT ${PATH}`)[0]?.headers['if-none-match']).toBe('*');
  });

  it('ends with 6 when somebody else changed it in between', async () => {
    api.on(`PUT ${PATH}`, problem(412, 'It has version 4 now.'));
    expect((await run(['set', ORIGIN, '--no-auth'])).code).toBe(6);
  });

  it('names the bad field, and ends with 2', async () => {
    api.on(`PUT ${PATH}`, problem(422, 'x', [{ path: 'auth', message: 'there is no credential erp' }]));
    expect(await run(['set', ORIGIN, '--auth', 'erp'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'auth: there is no credential erp\n',
    });
  });

  it.each([
    ['nothing to set', []],
    ['a limit that is no number', ['--max-concurrent', 'many']],
    ['a rate of none at all', ['--requests-per-second', '0']],
  ])('refuses %s with 2, and asks nothing of the API', async (_what, args) => {
    expect((await run(['set', ORIGIN, ...args])).code).toBe(2);
    expect(api.requests).toEqual([]);
  });
});

describe('destinations rotate-secret', () => {
  const route = `POST ${PATH}/signing-keys`;
  const [key] = sampleDestination.signing_keys;
  const created = { ...key, secret: 'whsec_c2VjcmV0' };
  beforeEach(() => {
    api.on(route, answer(201, created));
  });

  it('prints the secret alone, so that a script can take it', async () => {
    const { code, stdout, stderr } = await run(['rotate-secret', ORIGIN]);
    expect(api.bodies(route)).toEqual([{}]);
    expect(stdout).toBe('whsec_c2VjcmV0\n');
    expect(stderr).toBe('Signing key sk_abcdefghijklmnopqrst (v1). Its secret is shown this once:\n');
    expect(code).toBe(0);
  });

  it('of v1a prints the public key', async () => {
    api.on(route, answer(201, { ...created, algorithm: 'v1a', public_key: 'whpk_QUJD', secret: null }));
    const { stdout } = await run(['rotate-secret', ORIGIN, '--algorithm', 'v1a', '--overlap-hours', '0']);
    expect(api.bodies(route)).toEqual([{ algorithm: 'v1a', overlap_hours: 0 }]);
    expect(stdout).toBe('whpk_QUJD\n');
  });

  it('takes a secret of one’s own from the standard input, and prints it nowhere', async () => {
    api.on(route, answer(201, { ...created, secret: null }));
    const result = await run(['rotate-secret', ORIGIN, '--secret-file', '-'], { stdin: 'whsec_b3du\n' });
    expect(api.bodies(route)).toEqual([{ secret: 'whsec_b3du' }]);
    expect(result).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Signing key sk_abcdefghijklmnopqrst (v1). It is in force\n',
    });
  });

  it('with --json prints what the API answers', async () => {
    expect(JSON.parse((await run(['rotate-secret', ORIGIN, '--json'])).stdout)).toEqual(created);
  });

  it.each([
    ['an unknown algorithm', ['--algorithm', 'v2']],
    ['an overlap of more than a week', ['--overlap-hours', '169']],
    ['an empty secret', ['--secret-file', '-']],
  ])('refuses %s with 2', async (_what, args) => {
    expect((await run(['rotate-secret', ORIGIN, ...args])).code).toBe(2);
    expect(api.requests).toEqual([]);
  });
});

describe('destinations revoke-secret', () => {
  const route = `DELETE ${PATH}/signing-keys/sk_bbcdefghijklmnopqrst`;
  const args = ['revoke-secret', ORIGIN, 'sk_bbcdefghijklmnopqrst'];

  it('revokes', async () => {
    api.on(route, answer(204));
    expect(await run(args)).toEqual({ code: 0, stdout: 'Revoked sk_bbcdefghijklmnopqrst\n', stderr: '' });
  });

  it('ends with 6 for the newest one', async () => {
    api.on(route, problem(409, 'It is the newest one.'));
    expect((await run(args)).code).toBe(6);
  });
});
