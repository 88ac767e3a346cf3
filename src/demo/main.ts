import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { followExecution } from '../client/follow-execution';
import { progressLine } from '../client/progress-line';
import { triggerEvent } from '../client/trigger-event';
import { readConfig, type Config } from '../config';
import { runProgram, untilSignal, type Terminal } from '../program';
import { eventSchema } from '../rules/event';
import { startService, type Service } from '../service';
import type { RuleExecution } from '../shared/execution';
import { workflowIdOf } from '../shared/ids';
import type { ExecutionReport } from '../workflows/messages';
import { deadUrl, startDemoReceiver } from './receiver';

const EXAMPLES = join(__dirname, '../../examples');
const DATA_DIR = join('data', 'demo');

/** The main job on real input, shown on the terminal: a chain that is delivered, and a dead endpoint that is escalated. */
void runProgram(async (terminal) => {
  const { print, warn } = terminal;
  const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
  const receiver = await startDemoReceiver();
  const config = readConfig({
    DATA_DIR,
    RULES_FILE: await writeRules(receiver.url, await deadUrl()),
    // The demo's receiver is on this machine; none but public addresses are called otherwise.
    ALLOWED_NETWORKS: '127.0.0.0/8',
    SMTP_URL: '',
  });
  // A configured server may be production's: the demo's worker must never take its executions.
  const temporal = { ...config.temporal, alwaysEmbedded: true };
  const service = await startService({ ...config, temporal }, { info: print, warn });
  for (const line of service.about) print(line);

  const { executions } = await triggerEvent(service, await sampleEvent());
  const reports = await Promise.all(executions.map(({ execution }) => show(service, execution, terminal)));
  const [chain, dead] = ['score-drop-chain', 'dead-endpoint'].map((id) =>
    reports.find(({ rule }) => rule.id === id),
  );
  const mail = dead && (await readMail(config, dead));

  print(`\nWhat the third step was given:\n${pretty(receiver.echoed())}`);
  print(`\nThe mail to the owner, ${join(DATA_DIR, 'mail')}:\n${mail ?? 'there is none'}`);
  print('In the Temporal UI:');
  for (const { execution } of executions) print(`  ${execution.rule.name}: ${uiLink(service, execution)}`);

  const good = asItShould(chain, dead, receiver.echoed(), mail);
  if (!values.once && good) {
    print('\nUp until Ctrl-C.');
    await Promise.race([untilSignal(), service.ended]);
  }
  await service.stop();
  if (!good) warn('The demo did not go as it should.');
  return good ? 0 : 1;
});

/** The sample rules, with the addresses of this run. */
async function writeRules(receiver: string, dead: string): Promise<string> {
  const rules = await readFile(join(EXAMPLES, 'demo-rules.yaml'), 'utf8');
  const file = join(DATA_DIR, 'rules.yaml');
  await mkdir(DATA_DIR, { recursive: true });
  await writeFile(
    file,
    rules.replaceAll('http://127.0.0.1:4801', receiver).replaceAll('http://127.0.0.1:4809', dead),
  );
  return file;
}

/** The sample event under an id of its own: the same id again would start nothing. */
async function sampleEvent() {
  const sample = JSON.parse(await readFile(join(EXAMPLES, 'scorecard_changed.json'), 'utf8')) as {
    id: string;
  };
  return eventSchema.parse({ ...sample, id: `${sample.id}-${Date.now()}` });
}

async function show(
  { client }: Service,
  { executionId, rule }: RuleExecution,
  { print }: Terminal,
): Promise<ExecutionReport> {
  for await (const event of followExecution(client, executionId)) {
    print(progressLine(event, rule.id.padEnd(16)));
    if (event.kind === 'ended' && event.how === 'completed') return event.report;
  }
  throw new Error(`the execution of ${rule.id} did not complete`);
}

/** The mail as a person reads it: its main headers, and the text with quoted-printable undone. */
async function readMail(config: Config, { executionId }: ExecutionReport): Promise<string> {
  const raw = await readFile(join(config.mail.folder, `${executionId}.eml`), 'latin1');
  const [headers = '', ...text] = raw.split('\r\n\r\n');
  const shown = headers.split('\r\n').filter((line) => /^(From|To|Subject|Message-ID):/i.test(line));
  const bytes = text
    .join('\n\n')
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_match, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return [...shown, '', Buffer.from(bytes, 'latin1').toString('utf8')].join('\n');
}

/** Lays JSON out over lines without parsing it, so that 64-bit integers are shown as they came. */
function pretty(json = 'nothing'): string {
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  return json.replace(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, (token) => {
    if (token === '{' || token === '[') return token + ((depth += 1), line());
    if (token === '}' || token === ']') return ((depth -= 1), line()) + token;
    return token === ',' ? token + line() : token === ':' ? ': ' : token;
  });
}

function uiLink({ temporal }: Service, { executionId }: RuleExecution): string {
  const workflow = encodeURIComponent(workflowIdOf(executionId));
  return `${temporal.uiUrl ?? temporal.address}/namespaces/${temporal.namespace}/workflows/${workflow}`;
}

function asItShould(
  chain: ExecutionReport | undefined,
  dead: ExecutionReport | undefined,
  echoed: string | undefined,
  mail: string | undefined,
): boolean {
  return (
    chain?.status === 'delivered' &&
    echoed?.includes('"asset_id":9223372036854775807') === true &&
    dead?.status === 'escalated' &&
    dead.steps[0]?.attempts.length === 6 &&
    mail?.includes('HTTP error: ECONNREFUSED') === true
  );
}
