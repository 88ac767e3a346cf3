import { join } from 'node:path';
import { Program } from '../../support/program';

/** Kills, a full disk, stops and slow links; and no trouble with mails, which may be noticed minutes later. */
const SEED = '2238';

/** Runs the suite as `npm run test:faults` does. */
function suite(...args: string[]): Program {
  const register = join(__dirname, '../../../bench/register.cjs');
  return Program.start(join(__dirname, 'main.ts'), ['--seed', SEED, ...args], {
    NODE_OPTIONS: `--require ${register}`,
  });
}

describe('the fault suite', () => {
  it('finds nothing lost, repeated or late after a short round of faults in each topology', async () => {
    const run = suite('--rounds', '2', '--seconds', '15');
    await run.printed(/violations {2}\d+[^]*violations {2}\d+/);
    const exitCode = await run.ended();
    // With what it printed: the violations say what to look for.
    expect({ exitCode, output: run.output }).toEqual({
      exitCode: 0,
      output: expect.stringMatching(/violations {2}0[^]*violations {2}0/) as unknown,
    });
    expect(run.output.match(/violations {2}0/g)).toHaveLength(2);
    expect(run.output).not.toContain('SKIPPED');
  }, 600_000);

  it('finds a bug that was planted', async () => {
    const run = suite(
      '--rounds',
      '1',
      '--topology',
      'embedded',
      '--seconds',
      '7',
      '--planted-bug',
      'repeats-calls',
    );
    expect(await run.ended()).toBe(0);
    expect(run.output).toMatch(/violations {2}\d+: .*call-after-finish/);
  }, 300_000);
});
