import { sampleRuleSchedule, sampleScheduleRule } from '../support/api-samples';
import { runCli, type CliResult } from '../support/cli';
import { answer, page, problem, ScriptedApi } from '../support/scripted-api';

let api: ScriptedApi;
beforeAll(async () => {
  api = await ScriptedApi.start();
});
beforeEach(() => {
  api.reset();
});
afterAll(() => api.close());

function run(...args: string[]): Promise<CliResult> {
  return runCli(args, api.environment);
}

it('rules list shows the times of a rule with a schedule, and when it runs next', async () => {
  api.on('GET /v1/rules', page(sampleScheduleRule));
  const { stdout } = await run('rules', 'list');
  expect(stdout).toMatch(
    /\nmondays +State of the scorecard +0 9 \* \* 1 +my_scorecard +1 +active +in \d+d +3 /,
  );
});

it('rules schedule shows what comes and what was', async () => {
  api.on('GET /v1/rules/mondays/schedule', answer(200, sampleRuleSchedule));
  const { code, stdout } = await run('rules', 'schedule', 'mondays');
  expect(stdout).toMatch(/^mondays {2}0 9 \* \* 1 in Europe\/Paris, overlap skip\n/);
  expect(stdout).toMatch(/\nnext 2100-01-04T08:00:00.000Z \(in \d+d\)\n/);
  expect(stdout).toMatch(/\n2026-11-23T08:00:00.000Z +\S+ +completed +2 +0\n/);
  expect(stdout).toContain('\n3 missed while nothing could run\n');
  expect(code).toBe(0);
});

it('rules schedule of a rule without one is not found', async () => {
  api.on('GET /v1/rules/open-ticket/schedule', problem(404, 'There is no such schedule: the rule has none.'));
  const { code, stderr } = await run('rules', 'schedule', 'open-ticket');
  expect(stderr).toContain('There is no such schedule: the rule has none.');
  expect(code).toBe(4);
});

it('rules run runs it now', async () => {
  api.on('POST /v1/rules/mondays/schedule/trigger', answer(202, { rule_id: 'mondays' }));
  const { code, stdout } = await run('rules', 'run', 'mondays');
  expect(stdout).toBe('mondays runs; see "rules schedule mondays"\n');
  expect(code).toBe(0);
});

it.each([
  [[], { overlap: 'buffer_all', dry_run: true }, 'Nothing was done: add --yes to do it.\n'],
  [['--yes', '--at-once'], { overlap: 'allow_all', dry_run: false }, ''],
])('rules backfill %j counts the runs, and does it when told', async (options, asked, note) => {
  const [first, last] = ['2026-10-19T07:00:00.000Z', '2026-11-02T08:00:00.000Z'];
  api.on(
    'POST /v1/rules/mondays/schedule/backfill',
    answer(200, { count: 3, first, last, dry_run: asked.dry_run }),
  );
  const range = ['--from', '2026-10-19T00:00:00Z', '--to', '2026-11-03T00:00:00Z'];
  const { stdout, stderr } = await run('rules', 'backfill', 'mondays', ...range, ...options);
  expect(stdout).toBe(`3 runs: ${first} to ${last}\n`);
  expect(stderr).toBe(note);
  expect(JSON.parse(api.requests.at(-1)?.text ?? '')).toEqual({
    from: '2026-10-19T00:00:00.000Z',
    to: '2026-11-03T00:00:00.000Z',
    ...asked,
  });
});
