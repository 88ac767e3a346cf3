import { runCli } from '../support/cli';
import { ScriptedApi } from '../support/scripted-api';

let api: ScriptedApi;
beforeAll(async () => {
  api = await ScriptedApi.start();
});
afterAll(() => api.close());

it('bulk start asks for what a notice told of', async () => {
  api.on('POST /v1/bulk-operations', () => ({ count: 3, sample: [] }));
  const { code, stdout } = await runCli(
    ['bulk', 'start', 'restart_from_failed', '--notice', 'a3f1'],
    api.environment,
  );

  expect([code, stdout]).toEqual([0, expect.stringContaining('restart_from_failed: 3 executions')]);
  expect(JSON.parse(api.requests[0]?.text ?? '')).toEqual({
    action: 'restart_from_failed',
    filter: { notice: 'a3f1' },
    dry_run: true,
  });
});
