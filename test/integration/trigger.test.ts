import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Program } from '../support/program';
import { answerBytes, Receiver, type Answer } from '../support/receiver';
import { writeRulesFile } from '../support/rules-file';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

const EXAMPLES = join(__dirname, '../../examples');
const EVENT = join(EXAMPLES, 'scorecard_changed.json');

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

function trigger(args: string[], environment: Record<string, string> = {}): Program {
  return Program.start('cli/main.js', ['trigger', ...args], {
    DATA_DIR: folder,
    ALLOWED_NETWORKS: '127.0.0.0/8',
    TEMPORAL_DEV_PORT: '0',
    TEMPORAL_DEV_UI_PORT: '0',
    ...environment,
  });
}

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

describe('bad input, before a service is started for it', () => {
  const goodRule = () => writeRulesFile(folder, { urls: ['https://example.com/hook'] }, 'rule.yaml');

  it.each([
    ['an absent event file', () => ['nowhere.json'], /nowhere\.json/],
    [
      'an event with problems, each with its path',
      () => [
        file('event.json', '{"type":"scorecard.changed","domain":"example.com","current":{"score":"high"}}'),
      ],
      /event\.json: scorecard_id: [^]*event\.json: current\.score: /,
    ],
    [
      'a rule with problems, each with its path',
      () => [
        EVENT,
        '--rule',
        file('rule.yaml', 'id: r\nname: R\nsteps: [{action: call_webhook, url: ftp://x}]'),
      ],
      /rule\.yaml: owner: [^]*rule\.yaml: steps\[0\]\.url: /,
    ],
  ] satisfies [string, () => string[], RegExp][])(
    'is refused with exit code 2: %s',
    async (_what, args, message) => {
      const program = trigger(args());
      expect(await program.ended()).toBe(2);
      expect(program.output).toMatch(message);
    },
  );

  it('starts nothing, not even the embedded server', async () => {
    await trigger([file('event.json', '{}'), '--rule', goodRule()]).ended();
    expect(existsSync(join(folder, 'temporal'))).toBe(false);
  });

  it('that is --detach when nothing runs that would go on ends with 7', async () => {
    const program = trigger([EVENT, '--rule', goodRule(), '--detach']);
    expect(await program.ended()).toBe(7);
    expect(program.output).toMatch(/npm start/);
  });

  it('in a setting names the variable', async () => {
    const program = trigger([EVENT], { ALLOWED_NETWORKS: 'localhost' });
    expect(await program.ended()).toBe(2);
    expect(program.output).toMatch(/^ALLOWED_NETWORKS: /m);
  });

  it('in SMTP_URL shows no password', async () => {
    const program = trigger([EVENT], { SMTP_URL: 'smtp://user:pa#canary@mail.example.com' });
    expect(await program.ended()).toBe(2);
    expect(program.output).not.toContain('canary');
  });
});

describe('with a service that runs, the script', () => {
  it('starts the executions and says which, and with --detach does not follow them', async () => {
    const receiver = await Receiver.start();
    const service = await ServiceProcess.start(folder);
    const rule = writeRulesFile(folder, { urls: [receiver.url] }, 'rule.yaml');
    const program = trigger([EVENT, '--rule', rule, '--detach']);
    expect(await program.ended()).toBe(0);
    expect(program.output).toMatch(/Event evt_2026_0001: 1 matching[^]*rule-execution\//);
    await receiver.received(1);
    await service.kill('SIGTERM');
    await receiver.close();
  });
});

describe('without a running service, the script', () => {
  async function run(answer: Answer, args: string[] = []): Promise<{ code: number | null; output: string }> {
    const receiver = await Receiver.start(answer);
    const rule = writeRulesFile(folder, { urls: [receiver.url], retry_schedule: ['1s'] }, 'rule.yaml');
    const program = trigger([EVENT, '--rule', rule, ...args]);
    const code = await program.ended();
    await receiver.close();
    return { code, output: program.output };
  }

  it('runs one for itself, follows the execution to its delivery, and exits with 0', async () => {
    const { code, output } = await run(answerBytes('{}'));
    expect(output).toMatch(/→ step 1 POST http[^]*✓ 200 in \d+ ms[^]*■ delivered/);
    expect(code).toBe(0);
  });

  it('shows each attempt, its status and the next retry, and exits with 1 when it was escalated', async () => {
    const { code, output } = await run(answerBytes('', {}, 503));
    expect(output).toMatch(
      /✗ 503 Service Unavailable[^]*waits: retry 1 of 1 at [^]*retry 1\n[^]*✗ 503[^]*✉ e-mail to ada@example.com[^]*■ escalated/,
    );
    expect(code).toBe(1);
  });

  it('says why no rule matched, and exits with 3', async () => {
    const rule = writeRulesFile(folder, { urls: ['https://example.com/hook'] }, 'rule.yaml');
    const quiet = file(
      'quiet.json',
      '{"type":"scorecard.changed","scorecard_id":"s","domain":"example.com","previous":{"score":90},"current":{"score":89}}',
    );
    const program = trigger([quiet, '--rule', rule]);
    expect(await program.ended()).toBe(3);
    expect(program.output).toMatch(/watch: no match, /);
  });
});
