import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Program } from '../support/program';
import { answerJson, Receiver } from '../support/receiver';
import { writeRulesFile } from '../support/rules-file';
import { temporaryFolder } from '../support/temporary-folder';

const EVENT = join(__dirname, '../../examples/scorecard_changed.json');

it('an execution that waits survives a SIGKILL of the program with its embedded server', async () => {
  let calls = 0;
  const receiver = await Receiver.start((request, response) => {
    calls += 1;
    if (calls === 1) response.writeHead(503).end();
    else answerJson(200, {})(request, response);
  });
  const folder = temporaryFolder();
  const environment = {
    DATA_DIR: folder,
    RULES_FILE: writeRulesFile(folder, { urls: [receiver.url], retry_schedule: ['3s'] }),
    ALLOWED_NETWORKS: '127.0.0.0/8',
    API_PORT: '0',
    TEMPORAL_DEV_PORT: '0',
    TEMPORAL_DEV_UI_PORT: '0',
  };

  const first = Program.start('main.js', [], environment);
  await first.printed(/Ready/);
  expect(await Program.start('cli/main.js', ['trigger', EVENT, '--detach'], environment).ended()).toBe(0);
  await receiver.received(1);
  await first.kill('SIGKILL');

  const second = Program.start('main.js', [], environment);
  await receiver.received(2);
  // The same event again: it starts nothing, and follows the execution to its end.
  const follower = Program.start('cli/main.js', ['trigger', EVENT], environment);
  expect(await follower.ended()).toBe(0);
  expect(follower.output).toMatch(/had started it before[^]*■ delivered/);
  expect(await second.kill('SIGTERM')).toBe(0);
  await receiver.close();
});

it('a program whose embedded server is killed says so, and ends with an error', async () => {
  const folder = temporaryFolder();
  const program = Program.start('main.js', [], {
    DATA_DIR: folder,
    API_PORT: '0',
    TEMPORAL_DEV_PORT: '0',
    TEMPORAL_DEV_UI_PORT: '0',
  });
  await program.printed(/Ready/);
  const claim = readFileSync(join(folder, 'temporal', 'server.1.json'), 'utf8');
  const { server } = JSON.parse(claim) as { server: { pid: number } };
  process.kill(server.pid, 'SIGKILL');
  expect(await program.ended()).toBe(1);
  expect(program.output).toMatch(/the embedded Temporal server ended; see .*server\.log/);
});
