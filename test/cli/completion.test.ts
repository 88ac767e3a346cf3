import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { sampleDestination, sampleRule } from '../support/api-samples';
import { CLI, runCli } from '../support/cli';
import { page, ScriptedApi } from '../support/scripted-api';
import { temporaryFolder } from '../support/temporary-folder';

let api: ScriptedApi;
let folder: string;
beforeAll(async () => {
  api = await ScriptedApi.start();
  folder = temporaryFolder();
  // As npm links it.
  chmodSync(CLI, 0o755);
  symlinkSync(CLI, join(folder, 'rule-webhooks'));
  writeFileSync(join(folder, 'an-event.json'), '{}');
});
beforeEach(() => {
  api.reset();
  api.on(
    'GET /v1/rules',
    page({ ...sampleRule, name: 'Open \u001b[31ma ticket' }, { ...sampleRule, id: 'page-oncall' }),
  );
  api.on(
    'GET /v1/destinations',
    page(sampleDestination, { ...sampleDestination, origin: 'https://hooks.example.com:8443' }),
  );
});
afterAll(() => api.close());

async function candidates(...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runCli(['__complete', ...words], api.environment);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').filter((line) => line !== '');
}

async function values(...words: string[]): Promise<string[]> {
  return (await candidates(...words)).map((line) => line.split('\t')[0] ?? '');
}

describe('what may come next', () => {
  it('is a command, with its description', async () => {
    expect(await candidates('ru')).toEqual(['rules\tsee, apply, try and pause rules']);
  });

  it('is a command of a group', async () => {
    expect(await values('rules', 'e')).toEqual(['explain']);
  });

  it('is a rule of the service, with its name', async () => {
    expect(await candidates('rules', 'show', 'op')).toEqual(['open-ticket\tOpen a ticket']);
  });

  it.each([
    ['the value of an option', ['executions', 'list', '--rule', ''], ['open-ticket', 'page-oncall']],
    ['the value of an option after "="', ['executions', 'list', '--rule=p'], ['--rule=page-oncall']],
    ['the same as bash cuts it', ['executions', 'list', '--rule', '=', 'p'], ['page-oncall']],
    ['nothing yet, as bash cuts it', ['executions', 'list', '--rule', '='], ['open-ticket', 'page-oncall']],
    ['one of some choices', ['keys', 'create', '--role', 'e'], ['editor']],
    ['an option of the command, or of all', ['rules', 'apply', '--d'], ['--data-dir', '--dry-run']],
    ['no option that is there', ['rules', 'apply', '--dry-run', '--d'], ['--data-dir']],
    ['an id behind options', ['--json', '--url', 'URL', 'rules', 'show', 'page'], ['page-oncall']],
    ['a shell', ['completion', ''], ['bash', 'fish', 'zsh']],
    ['files', ['trigger', ''], [':files']],
    ['files for an option', ['--key-file', ''], [':files']],
    ['files for each of several', ['rules', 'apply', 'a.yaml', ''], [':files']],
    [
      'an address',
      ['destinations', 'show', 'https://hooks.example.com:'],
      ['https://hooks.example.com:8443'],
    ],
    [
      'the rest of an address, as bash cuts it',
      ['destinations', 'show', 'https', ':', '//hooks'],
      ['//hooks.example.com', '//hooks.example.com:8443'],
    ],
    [
      'the port of an address, as bash cuts it',
      ['destinations', 'show', 'https', ':', '//hooks.example.com', ':', ''],
      ['8443'],
    ],
    ['nothing behind the last argument', ['rules', 'show', 'open-ticket', ''], []],
    ['no option behind "--"', ['rules', 'show', '--', '-'], []],
    ['nothing for what is unknown', ['rulez', ''], []],
  ])('is %s', async (_what, words, expected) => {
    expect((await values(...words.map((word) => (word === 'URL' ? api.url : word)))).sort()).toEqual(
      expected,
    );
  });

  it('is nothing, and no error, when the service is away', async () => {
    const result = await runCli(['__complete', 'rules', 'show', ''], {
      RULE_WEBHOOKS_URL: 'http://127.0.0.1:1',
    });
    expect(result).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

it('there is no script for an unknown shell: exit code 2', async () => {
  expect((await runCli(['completion', 'tcsh'])).code).toBe(2);
});

/** Runs a script in a shell that finds the command, and answers with its lines. */
async function shell(program: string, args: string[]): Promise<string[]> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: `${folder}${delimiter}${PATH}`, HOME, TERM: 'dumb', ...api.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return output.split(/\r?\n/).filter((line) => line !== '');
}

/** Skips the tests of a shell that is not there, except in CI, which installs all three (`scripts/shells.mjs`). */
function where(program: string) {
  if (!spawnSync(program, ['--version']).error) return describe;
  if (process.env['CI'] === undefined) return describe.skip;
  throw new Error(`The tests need ${program}: run "node scripts/shells.mjs".`);
}

where('bash')('in bash', () => {
  const completed = (...words: string[]) =>
    shell('bash', [
      '--norc',
      '-c',
      `source <(rule-webhooks completion bash)
       complete -p rule-webhooks >/dev/null || exit
       COMP_WORDS=(rule-webhooks "$@"); COMP_CWORD=$(($# )); _rule_webhooks
       printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      ...words,
    ]);

  it.each([
    ['commands', ['rules', 'pa'], ['pause']],
    ['ids of rules', ['rules', 'show', ''], ['open-ticket', 'page-oncall']],
    ['files', ['trigger', 'an-'], ['an-event.json']],
    ['a port', ['destinations', 'show', 'https', ':', '//hooks.example.com', ':', '8'], ['8443']],
    ['nothing', ['rules', 'show', 'zzz'], []],
  ])('completes %s', async (_what, words, expected) => {
    expect(await completed(...words)).toEqual(expected);
  });
});

where('zsh')('in zsh', () => {
  /** Types into a real one, in a terminal of its own, until that shows what is awaited. */
  const typed = (line: string, awaited: string) =>
    shell('zsh', [
      '-f',
      '-c',
      `zmodload zsh/zpty
       zpty z zsh -f -i
       zpty -w z "autoload -U compinit; compinit -u -D; source <(rule-webhooks completion zsh); print re''ady"
       zpty -r -m z shown '*ready*'
       zpty -w -n z "$1"$'\\t'
       zpty -r -m z shown "*$2*"
       print -r -- "$shown"`,
      'zsh',
      line,
      awaited,
    ]);

  it.each([
    ['commands', 'rule-webhooks rules pa', 'rule-webhooks rules pause'],
    ['ids of rules', 'rule-webhooks rules show op', 'rule-webhooks rules show open-ticket'],
    ['files', 'rule-webhooks trigger an-', 'rule-webhooks trigger an-event.json'],
  ])('completes %s', async (_what, line, completed) => {
    expect((await typed(line, completed)).join('\n')).toContain(completed);
  });
});

where('fish')('in fish', () => {
  const completed = (line: string) =>
    shell('fish', [
      '--no-config',
      '-c',
      'rule-webhooks completion fish | source; complete -C $argv[1]',
      line,
    ]);

  it.each([
    [
      'commands',
      'rule-webhooks rules pa',
      ['pause\thold what a rule starts, and has started, until it is resumed'],
    ],
    ['ids of rules', 'rule-webhooks rules show op', ['open-ticket\tOpen a ticket']],
    ['files', 'rule-webhooks trigger an-', ['an-event.json']],
  ])('completes %s', async (_what, line, expected) => {
    expect(await completed(line)).toEqual(expected);
  });
});
