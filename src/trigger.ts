import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Client, isGrpcServiceError } from '@temporalio/client';
import { followExecution } from './client/follow-execution';
import { progressLine } from './client/progress-line';
import { triggerEvent, type TriggerResult } from './client/trigger-event';
import { hasWorker } from './client/worker-presence';
import { readConfig, type Config } from './config';
import { runProgram, untilSignal, UsageError, type Terminal } from './program';
import { eventSchema, type ScorecardEvent } from './rules/event';
import { problemLine, problemsOf } from './rules/problems';
import type { Rulebook } from './rules/rulebook';
import { startService } from './service';
import { workflowIdOf } from './shared/ids';
import { MAX_EVENT_BYTES } from './shared/limits';
import { readRulebookDocument } from './store/rulebook-document';
import { addDocument, createFileRulebook } from './store/rulebook-files';
import { connectToRunningTemporal, findRunningTemporal } from './temporal/connection';
import { installRuntime } from './temporal/runtime';

const USAGE = `usage: npm run trigger -- EVENT.json [--rule RULE.yaml] [--detach]

  EVENT.json        the event, e.g. examples/scorecard_changed.json
  --rule RULE.yaml  add this rule (or rules and groups) first, and match no other
  --detach          start the executions and do not follow them

Exit codes: 0 all delivered (or started, with --detach), 1 one was not, 2 bad input, 3 no rule matched.`;

/** What the script works with: a service that runs already, or one of its own for as long as it follows. */
interface Reached {
  client: Client;
  rulebook: Rulebook;
  ended: Promise<void>;
  close: () => Promise<void>;
}

interface AddedRules {
  /** Of the document below DATA_DIR/rules. */
  name: string;
  /** As the file has it. */
  source: unknown;
  ruleIds: string[];
}

/** The client script: sends one event, and follows what it started. */
void runProgram(async (terminal) => {
  const { eventFile, ruleFile, detach, help } = readArguments();
  if (help) {
    terminal.print(USAGE);
    return 0;
  }
  const event = await readEvent(eventFile);
  const config = readConfig();
  const added = ruleFile === undefined ? undefined : await readRules(ruleFile);

  const reached = (await reachRunning(config, terminal)) ?? (await startOwn(config, terminal, detach));
  try {
    if (added) await addRules(config, added, terminal);
    const result = await triggerEvent(reached, event, added?.ruleIds);
    reportMatches(result, terminal);
    if (result.executions.length === 0) return 3;
    if (detach) return 0;
    return await Promise.race([
      followAll(reached.client, result, terminal),
      untilSignal().then(() => stoppedFollowing('', terminal)),
      reached.ended.then(() => 1),
    ]);
  } finally {
    await reached.close();
  }
});

function readArguments() {
  const options = {
    rule: { type: 'string' },
    detach: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const [eventFile, ...others] = positionals;
    const { rule: ruleFile, detach, help } = values;
    if (help) return { eventFile: '', ruleFile, detach, help };
    if (eventFile === undefined || others.length > 0) throw new UsageError(USAGE);
    return { eventFile, ruleFile, detach, help };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

async function readEvent(file: string): Promise<ScorecardEvent> {
  let json: unknown;
  try {
    const text = await readFile(file, 'utf8');
    if (Buffer.byteLength(text) > MAX_EVENT_BYTES) throw new Error(`is larger than ${MAX_EVENT_BYTES} bytes`);
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
  const parsed = eventSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    problemsOf(parsed.error)
      .map((problem) => `${file}: ${problemLine(problem)}`)
      .join('\n'),
  );
}

/** @throws RulebookError, UsageError; nothing has been changed then */
async function readRules(file: string): Promise<AddedRules> {
  const { source, document } = await readRulebookDocument(file);
  const [first] = document.rules;
  if (first === undefined) throw new UsageError(`${file}: has no rule`);
  return { name: first.id, source, ruleIds: document.rules.map(({ id }) => id) };
}

async function addRules(config: Config, { name, source }: AddedRules, { print }: Terminal): Promise<void> {
  const path = await addDocument(config.rulebook, name, source);
  print(`Added ${path}. A service has it when it uses the same DATA_DIR.`);
}

async function reachRunning(config: Config, { print, warn }: Terminal): Promise<Reached | undefined> {
  if ((await findRunningTemporal(config.temporal)) === undefined) return undefined;
  // Its log would be about the connection alone, and what matters of that is an error here.
  installRuntime('ERROR');
  const { connection, namespace, address, source, close } = await connectToRunningTemporal(config.temporal);
  print(`Temporal: ${address}, namespace ${namespace} (${source})`);
  const client = new Client({ connection, namespace });
  if (!(await hasWorker(client))) {
    warn('No worker is there: executions wait until the service runs ("npm start").');
  }
  return {
    client,
    rulebook: createFileRulebook({ ...config.rulebook, warn }),
    ended: new Promise(() => undefined),
    close,
  };
}

async function startOwn(config: Config, { print, warn }: Terminal, detach: boolean): Promise<Reached> {
  if (detach) throw new UsageError('nothing is running that would go on without us: run "npm start" first');
  print('Nothing is running: starting a service for as long as this takes ("npm start" keeps one) ...');
  const service = await startService(config, { info: print, warn });
  for (const line of service.about) print(line);
  return { ...service, close: service.stop };
}

function reportMatches({ eventId, executions, unmatched }: TriggerResult, { print }: Terminal): void {
  print(`Event ${eventId}: ${executions.length} matching, ${unmatched.length} not`);
  for (const { execution, reason, started } of executions) {
    const repeated = started ? '' : '; this event had started it before';
    print(`  ${execution.rule.id}: ${reason}${repeated}`);
    print(`    ${workflowIdOf(execution.executionId)}`);
  }
  for (const { ruleId, reason } of unmatched) print(`  ${ruleId}: no match, ${reason}`);
}

async function followAll(client: Client, { executions }: TriggerResult, terminal: Terminal): Promise<number> {
  const width = Math.max(...executions.map(({ execution }) => execution.rule.id.length));
  try {
    const delivered = await Promise.all(
      executions.map(async ({ execution: { executionId, rule } }) => {
        let good = false;
        for await (const event of followExecution(client, executionId)) {
          terminal.print(progressLine(event, rule.id.padEnd(width)));
          good = event.kind === 'ended' && event.how === 'completed' && event.report.status === 'delivered';
        }
        return good;
      }),
    );
    return delivered.every(Boolean) ? 0 : 1;
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    return stoppedFollowing('Temporal is away. ', terminal);
  }
}

function stoppedFollowing(why: string, { print }: Terminal): number {
  print(`${why}No longer following. The executions go on wherever the service runs, or at its next start.`);
  return 1;
}
