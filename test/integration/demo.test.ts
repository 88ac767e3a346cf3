import { Program } from '../support/program';
import { temporaryFolder } from '../support/temporary-folder';

describe('the demo', () => {
  let demo: Program;
  let code: number | null;
  beforeAll(async () => {
    demo = Program.start('demo/main.js', ['--once'], {}, temporaryFolder());
    code = await demo.ended();
  });

  it('exits with 0 when all went as it should', () => {
    expect(code).toBe(0);
  });

  it('shows the chain of three delivered', () => {
    expect(demo.output).toMatch(/score-drop-chain +→ step 3 POST [^]*score-drop-chain +■ delivered/);
  });

  it('shows the dead endpoint retried five times and escalated', () => {
    expect(demo.output).toMatch(/dead-endpoint +→ step 1 POST .* retry 5\n[^]*dead-endpoint +■ escalated/);
  });

  it('prints what was carried forward, with the 64-bit integer unchanged', () => {
    expect(demo.output).toContain('"asset_id": 9223372036854775807');
  });

  it('prints the mail', () => {
    expect(demo.output).toMatch(
      /Subject: \[Action Required\] Failed Webhook Request[^]*HTTP error: ECONNREFUSED/,
    );
  });

  it('prints of the mail what a person reads', () => {
    expect(demo.output).not.toContain('<!doctype html>');
  });

  it('links to the dashboard, where the mail leads too', () => {
    const [, dashboard = 'none'] = /(http:\/\/127\.0\.0\.1:\d+)\/sign-in#token=/.exec(demo.output) ?? [];
    expect(demo.output).toContain(`${dashboard}/executions/`);
  });

  it('links to both executions in the Temporal UI', () => {
    expect(
      demo.output.match(/http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/rule-execution%2F/g),
    ).toHaveLength(2);
  });
});
