import { runCli } from '../support/cli';

it('runs the service, which reads its own settings', async () => {
  const { code, stderr } = await runCli(['start'], { ALLOWED_NETWORKS: 'localhost' });
  expect(stderr).toMatch(/^ALLOWED_NETWORKS: /);
  expect(code).toBe(2);
});

it('refuses an unknown role with 2', async () => {
  const { code, stderr } = await runCli(['start', '--role', 'king']);
  expect(stderr).toMatch(/Allowed choices are all, api, worker/);
  expect(code).toBe(2);
});
