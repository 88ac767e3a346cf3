import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Output } from '../../src/cli/output';
import { sampleRule } from '../support/api-samples';
import { CLI, CliRun, runCli } from '../support/cli';
import { page, ScriptedApi, stream } from '../support/scripted-api';

let api: ScriptedApi;
beforeAll(async () => {
  api = await ScriptedApi.start();
});
beforeEach(() => {
  api.reset();
});
afterAll(() => api.close());

const ESCAPE = '\u001b';

/** Runs in bash. Not by `spawnSync`: the server of this process must answer meanwhile. */
async function bash(command: string): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('bash', ['-c', command], {
    env: { PATH, HOME, CLI, NODE: process.execPath, ...api.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return output;
}

it('ends quietly when nobody reads on', async () => {
  api.on('GET /v1/rules', page(...Array.from({ length: 5_000 }, () => sampleRule)));
  const output = await bash('"$NODE" "$CLI" rules list | head -1; echo "${PIPESTATUS[0]}"');
  expect(output).toMatch(/^RULE .*\n141\n$/);
});

it('writes a long output whole before it ends', async () => {
  const rules = Array.from({ length: 5_000 }, (_, index) => ({ ...sampleRule, id: `rule-${index}` }));
  api.on('GET /v1/rules', page(...rules));
  const { stdout } = await runCli(['rules', 'list', '--json'], api.environment);
  expect(JSON.parse(stdout)).toEqual(page(...rules));
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends a request that is not answered with %d, and without a word', async (signal, code) => {
  const asked = new Promise<void>((resolve) => {
    api.on('GET /v1/rules', (...args: Parameters<ReturnType<typeof stream>>) => {
      stream([], false)(...args);
      resolve();
    });
  });
  const run = CliRun.start(['rules', 'list'], api.environment);
  await asked;
  run.child.kill(signal);
  expect(await run.ended()).toEqual({ code, stdout: '', stderr: '' });
});

describe('results', () => {
  function written(isTTY: boolean, colors: boolean): string {
    let text = '';
    const out = new Output(
      { write: (chunk) => (text += chunk), isTTY, columns: 40 },
      { write: () => true },
      colors,
    );
    out.table(
      [{ title: 'NAME', value: (name: string) => name, color: () => 'green', shrinks: true }],
      ['n'.repeat(60)],
    );
    return text;
  }

  it('have colours on a terminal, and fit into it', () => {
    expect(written(true, true)).toContain(`${ESCAPE}[32m${'n'.repeat(39)}…${ESCAPE}[39m`);
  });

  it('have none when they are not wanted', () => {
    expect(written(true, false)).not.toContain(ESCAPE);
  });

  it('have none in a pipe, and are whole', () => {
    expect(written(false, true)).toBe(`NAME\n${'n'.repeat(60)}\n`);
  });
});

/** A terminal of util-linux, which every Debian has: elsewhere these tests are skipped, but not in CI. */
const hasScript = spawnSync('script', ['--version']).status === 0;
if (!hasScript && process.env['CI'] !== undefined) throw new Error('The tests need "script" of util-linux.');

(hasScript ? describe : describe.skip)('in a real terminal', () => {
  beforeEach(() => {
    api.on('GET /v1/rules', page({ ...sampleRule, name: '夜間'.repeat(50) }));
  });
  const inTerminal = (settings: string) =>
    bash(`script -qec 'stty cols 80; ${settings} "$NODE" "$CLI" rules list' /dev/null </dev/null`);

  it('lines are as wide as it at most, and titles are bold', async () => {
    const output = await inTerminal('TERM=xterm');
    expect(output).toContain(`${ESCAPE}[1mRULE`);
    expect(output).toContain('…');
  });

  it.each(['NO_COLOR=1 TERM=xterm', 'TERM=dumb'])('%s has no colours', async (settings) => {
    expect(await inTerminal(settings)).not.toContain(ESCAPE);
  });
});
