import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SmtpTestServer } from '../../support/smtp';
import { check, type Verdict } from './checker';
import { ServiceApi } from './executions';
import { faultsOf } from './faults';
import type { Ledgers } from './ledgers';
import { Load } from './load';
import { planFaults, runFaults } from './nemesis';
import { Random } from './random';
import { OWNER, RULES } from './scenario';
import { ScriptedReceiver } from './scripted-receiver';
import { SmallDisk } from './small-disk';
import type { Surroundings, Topology } from './topology';

/**
 * How long executions have to come to their end once all is mended. A mail that was under way when its worker died is noticed
 * two minutes later; a mail server that was away is asked again after up to some minutes. Milliseconds.
 */
const SETTLE_LIMIT_MS = 300_000;

/** How long what comes after that may take: a digest, an event that a process left half started. Milliseconds. */
const PATIENCE_MS = 180_000;

/** In which a call that should not be made would come. Milliseconds. */
const QUIET_MS = 3_000;

export interface RoundSettings {
  seed: number;
  build: (surroundings: Surroundings) => Promise<Topology>;
  /** For how long things go wrong. Milliseconds. */
  durationMs: number;
  /** Of one fault. Milliseconds. */
  longestFaultMs: number;
  preload: string | undefined;
  /** How long it is waited for what is missing when all executions have ended; PATIENCE_MS unless told. Milliseconds. */
  patienceMs?: number | undefined;
  say: (line: string) => void;
}

export interface RoundResult {
  ledgers: Ledgers;
  verdict: Verdict;
  hasDisk: boolean;
  /** Where the programs' logs and the ledgers are. */
  folder: string;
}

/** One round: load and faults, then all is mended, and what came of it is compared with what should have. */
export async function runRound(settings: RoundSettings): Promise<RoundResult> {
  const { seed } = settings;
  const folder = mkdtempSync(join(tmpdir(), 'rule-webhooks-faults-'));
  // PostgreSQL's files are below it, and their owner is another user.
  chmodSync(folder, 0o755);
  const disk = SmallDisk.mount(join(folder, 'disk'));
  const unmount = () => disk?.unmount();
  process.once('exit', unmount);
  const receiver = new ScriptedReceiver(seed);
  const smtp = await SmtpTestServer.start();
  let topology: Topology | undefined;
  try {
    topology = await settings.build({
      ...{ folder, disk, smtp },
      receiver: await receiver.start(),
      preload: settings.preload,
    });
    const ledgers = await loadAndFaults(topology, { receiver, smtp }, settings);
    writeFileSync(join(folder, 'ledgers.json'), JSON.stringify(ledgers));
    const verdict = check(ledgers);
    await topology.stop();
    topology = undefined;
    return { ledgers, verdict, hasDisk: disk !== undefined, folder };
  } finally {
    await topology?.stop();
    await Promise.all([receiver.stop(), smtp.stop()]);
    process.off('exit', unmount);
    unmount();
  }
}

/** @param round its folder is not needed any more */
export function removeLogs({ folder }: Pick<RoundResult, 'folder'>): void {
  rmSync(folder, { recursive: true, force: true });
}

async function loadAndFaults(
  topology: Topology,
  { receiver, smtp }: { receiver: ScriptedReceiver; smtp: SmtpTestServer },
  { seed, durationMs, longestFaultMs: longestMs, patienceMs = PATIENCE_MS, say }: RoundSettings,
): Promise<Ledgers> {
  const api = new ServiceApi(() => ({ url: topology.api.url, key: topology.adminKey() }));
  await api.put('/v1/rules', { rules: RULES.map((rule) => ruleDocument(rule, topology.receiverUrl)) });
  const random = new Random(seed);
  const plan = planFaults(faultsOf(topology), random, { durationMs, longestMs });
  const load = new Load(seed, random, { urls: topology.loadUrls, key: topology.adminKey() });
  const faults = await runFaults(plan, say);
  say('all is mended');
  await load.end();
  const haveEnded = await api.untilAllEnded(Date.now() + SETTLE_LIMIT_MS);
  const deadline = Date.now() + patienceMs;
  for (;;) {
    await delay(QUIET_MS);
    const ledgers: Ledgers = {
      ...{ seed, events: load.events, calls: receiver.calls, faults },
      executions: await api.executions(),
      mails: smtp.received.map(({ recipients, mail }) => ({ recipients, text: mail.text ?? '' })),
    };
    if (!haveEnded || Date.now() > deadline || check(ledgers).violations.length === 0) return ledgers;
  }
}

function ruleDocument(
  { id, eventType, steps, delaysMs, digestMs }: (typeof RULES)[number],
  receiverUrl: string,
) {
  return {
    id,
    name: `Rule ${id}`,
    owner: { email: OWNER },
    event: { type: eventType },
    steps: steps.map((_, index) => ({
      id: `step-${index + 1}`,
      action: 'call_webhook',
      url: `${receiverUrl}/${id}`,
    })),
    retry_schedule: delaysMs.map((ms) => `${ms}ms`),
    notify: { digest: digestMs === 0 ? '0' : `${digestMs}ms` },
  };
}
