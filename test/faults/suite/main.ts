/**
 * The fault suite: `npm run test:faults -- --help`. See docs/faults.md.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { check } from './checker';
import type { ViolationKind } from './checks/violation';
import type { Ledgers } from './ledgers';
import { reportOf } from './report';
import { removeLogs, runRound } from './round';
import { embedded } from './topologies/embedded';
import { separate } from './topologies/separate';

const HELP = `usage: npm run test:faults [-- options]
  --topology NAME    embedded | separate; both, in turns, unless told
  --seed N           of the first round, each later round has the next one; a random one unless told
  --rounds N         how many; 2 unless told
  --seconds N        for how long things go wrong in a round; 45 unless told
  --longest N        seconds that one fault lasts at most; 4 unless told
  --long HOURS       rounds of five minutes, with faults of up to 20 seconds, for so long
  --check FILE       only checks the ledgers.json of an earlier round
  --keep             leaves logs and ledgers where they are, whatever was found
  --planted-bug NAME starts-later | forgets-mails | repeats-calls: the service is broken on purpose; then it is a
                     success that this is found`;

/** For what a planted bug has lost is waited no longer than this. Milliseconds. */
const PLANTED_PATIENCE_MS = 30_000;

const TOPOLOGIES = { embedded, separate };

/** The bugs that can be planted, and what each leads to. */
const PLANTED: Record<string, ViolationKind> = {
  'starts-later': 'lost-event',
  'repeats-calls': 'call-after-finish',
  'forgets-mails': 'lost-mail',
};

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      topology: { type: 'string' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
      rounds: { type: 'string', default: '2' },
      seconds: { type: 'string', default: '45' },
      longest: { type: 'string', default: '4' },
      long: { type: 'string' },
      'planted-bug': { type: 'string' },
      check: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(HELP);
    return 0;
  }
  if (values.check !== undefined) {
    const ledgers = JSON.parse(readFileSync(values.check, 'utf8')) as Ledgers;
    const verdict = check(ledgers);
    for (const line of reportOf({ ledgers, verdict })) say(line);
    return verdict.violations.length > 0 ? 1 : 0;
  }
  const isLong = values.long !== undefined;
  const end = Date.now() + Number(values.long ?? 0) * 3_600_000;
  const bug = values['planted-bug'];
  if (bug !== undefined) plantedOf(bug);
  const names =
    values.topology === undefined ? (['embedded', 'separate'] as const) : [topologyOf(values.topology)];
  const kinds = new Set<ViolationKind>();
  for (let round = 0; isLong ? Date.now() < end : round < Number(values.rounds); round += 1) {
    const seed = Number(values.seed) + round;
    const name = names[round % names.length] ?? 'embedded';
    say(
      `\nRound ${round + 1}: seed ${seed}, ${name}. Once more: npm run test:faults -- --rounds 1 --seed ${seed} --topology ${name}`,
    );
    const result = await runRound({
      ...{ seed, say },
      build: TOPOLOGIES[name],
      durationMs: isLong ? 300_000 : Number(values.seconds) * 1_000,
      longestFaultMs: (isLong ? 20 : Number(values.longest)) * 1_000,
      ...(bug !== undefined && { patienceMs: PLANTED_PATIENCE_MS }),
      preload: bug === undefined ? undefined : join(__dirname, 'planted', `${bug}.cjs`),
    });
    for (const line of reportOf(result)) say(line);
    if (!result.hasDisk) say('A full disk was SKIPPED: no small file system can be mounted here.');
    for (const { kind } of result.verdict.violations) kinds.add(kind);
    if (result.verdict.violations.length === 0 && !values.keep) removeLogs(result);
  }
  if (bug === undefined) return kinds.size > 0 ? 1 : 0;
  const wanted = plantedOf(bug);
  say(`The planted bug "${bug}" was ${kinds.has(wanted) ? 'found' : 'NOT found'}: it leads to "${wanted}".`);
  return kinds.has(wanted) ? 0 : 1;
}

function plantedOf(bug: string): ViolationKind {
  const kind = PLANTED[bug];
  if (kind === undefined) throw new Error(`there is no planted bug "${bug}"\n${HELP}`);
  return kind;
}

function topologyOf(name: string): keyof typeof TOPOLOGIES {
  if (name === 'embedded' || name === 'separate') return name;
  throw new Error(`there is no topology "${name}"\n${HELP}`);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The programs end with this one; what is mounted is unmounted.
  process.once(signal, () => process.exit(130));
}
main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(2);
  },
);
