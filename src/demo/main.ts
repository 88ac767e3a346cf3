import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { apiPath, ApiClient } from '../cli/http';
import { prettyJson } from '../cli/json-text';
import { progressLine, type ProgressEvent } from '../cli/progress-line';
import type { ExecutionDetail } from '../client/executions';
import { readConfig } from '../config';
import { runProgram, untilSignal, type Terminal } from '../program';
import { adminKeyFile } from '../service/first-admin-key';
import { startService, type Service } from '../service/start-service';
import { anyFreePort } from '../temporal/free-port';
import { readMail } from './mail';
import { deadUrl, startDemoReceiver } from './receiver';

const EXAMPLES = join(__dirname, '../../examples');
const DATA_DIR = join('data', 'demo');

/** As much of the answer to an event as is looked at here. */
interface Accepted {
  executions: { execution_id: string; workflow_id: string; rule_id: string }[];
}

/** The main job on real input, over HTTP, shown on the terminal: a chain that is delivered, and a dead endpoint that is escalated. */
void runProgram(async (terminal) => {
  const { print, warn } = terminal;
  const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
  const receiver = await startDemoReceiver();
  const config = readConfig({
    DATA_DIR,
    ROLE: 'all',
    // Known before it listens, since the mail links there.
    API_PORT: String(await anyFreePort()),
    DATABASE_URL: '',
    // The demo's receiver is on this machine; none but public addresses are called otherwise.
    ALLOWED_NETWORKS: '127.0.0.0/8',
    SMTP_URL: '',
    // It shows the mail however often it is run.
    ESCALATION_DIGEST: '0',
  });
  // A configured server may be production's: the demo's worker must never take its executions.
  const temporal = { ...config.temporal, alwaysEmbedded: true };
  const service = await startService({ ...config, rulesFile: undefined, temporal }, print);
  for (const line of service.about) print(line);

  const api = new ApiClient(
    { url: service.url ?? '', key: (await readFile(adminKeyFile(DATA_DIR), 'utf8')).trim() },
    new AbortController().signal,
  );
  print('\nPUT /v1/rules: two rules\nPOST /v1/events: examples/scorecard_changed.json');
  await api.request('PUT', '/v1/rules', {
    text: await rulesFor(receiver.url, await deadUrl()),
    headers: { 'content-type': 'application/yaml' },
  });
  const { body } = await api.request<Accepted>('POST', '/v1/events', { json: await sampleEvent() });
  const shown = await Promise.all(
    body.executions.map(({ execution_id, rule_id }) => show(api, execution_id, rule_id, terminal)),
  );
  const [chain, dead] = ['score-drop-chain', 'dead-endpoint'].map((id) =>
    shown.find(({ rule }) => rule.id === id),
  );
  const mail = dead && (await readMail(config.mail.folder, dead.execution_id));

  print(`\nWhat the third step was given:\n${prettyJson(receiver.echoed() ?? '') ?? 'nothing'}`);
  print(`\nThe mail to the owner, ${join(DATA_DIR, 'mail')}:\n${mail ?? 'there is none'}`);
  print('In the Temporal UI:');
  for (const { rule, workflow_id } of shown) print(`  ${rule.name}: ${uiLink(service, workflow_id)}`);

  const { body: link } = await api.request<{ url: string }>('POST', apiPath('session-links'));
  print(`In the dashboard (the link signs in once, within 5 minutes):\n  ${link.url}`);

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
async function rulesFor(receiver: string, dead: string): Promise<string> {
  const rules = await readFile(join(EXAMPLES, 'demo-rules.yaml'), 'utf8');
  return rules.replaceAll('http://127.0.0.1:4801', receiver).replaceAll('http://127.0.0.1:4809', dead);
}

/** The sample event under an id of its own: the same id again would start nothing. */
async function sampleEvent(): Promise<unknown> {
  const sample = JSON.parse(await readFile(join(EXAMPLES, 'scorecard_changed.json'), 'utf8')) as {
    id: string;
  };
  return { ...sample, id: `${sample.id}-${Date.now()}` };
}

/** Follows an execution to its end. */
async function show(
  api: ApiClient,
  executionId: string,
  ruleId: string,
  { print }: Terminal,
): Promise<ExecutionDetail> {
  const path = apiPath('executions', executionId);
  for await (const event of api.stream(`${path}/follow`)) {
    print(progressLine(event as ProgressEvent, ruleId.padEnd(16)));
  }
  return api.get<ExecutionDetail>(path);
}

function uiLink({ temporal }: Service, workflowId: string): string {
  const workflow = encodeURIComponent(workflowId);
  return `${temporal.uiUrl ?? temporal.address}/namespaces/${temporal.namespace}/workflows/${workflow}`;
}

function asItShould(
  chain: ExecutionDetail | undefined,
  dead: ExecutionDetail | undefined,
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
