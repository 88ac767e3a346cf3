/**
 * The fault suite: `npm run test:faults -- --help`. See docs/faults.md.
 */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { oneOf, positive, runTool, wordsOf } from '../../support/tool';
import { check } from './checker';
import type { ViolationKind } from './checks/violation';
import type { Ledgers } from './ledgers';
import { reportOf } from './report';
import { removeLogs, runRound } from './round';
import { cluster } from './topologies/cluster';
import { embedded } from './topologies/embedded';
import { separate } from './topologies/separate';

const USAGE = `usage: npm run test:faults [-- options]
  --topology NAME    embedded | separate | cluster; the first two in turns unless told, with --long all three
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

const TOPOLOGIES = { embedded, separate, cluster };
const NAMES = ['embedded', 'separate', 'cluster'] as const;

/** The bugs that can be planted, and what each leads to. */
const PLANTED = {
  'starts-later': 'lost-event',
  'repeats-calls': 'call-after-finish',
  'forgets-mails': 'lost-mail',
} satisfies Record<string, ViolationKind>;
const BUGS = ['starts-later', 'repeats-calls', 'forgets-mails'] as const;

runTool(USAGE, async ({ print }) => {
  const { values } = wordsOf(() =>
    parseArgs({
      options: {
        topology: { type: 'string' },
        seed: { type: 'string', default: String(randomInt(1, 1e9)) },
        rounds: { type: 'string', default: '2' },
        seconds: { type: 'string', default: '45' },
        longest: { type: 'string', default: '4' },
        long: { type: 'string' },
        'planted-bug': { type: 'string' },
        check: { type: 'string' },
        keep: { type: 'boolean', default: false },
      },
    }),
  );
  if (values.check !== undefined) {
    const ledgers = JSON.parse(readFileSync(values.check, 'utf8')) as Ledgers;
    const verdict = check(ledgers);
    for (const line of reportOf({ ledgers, verdict })) print(line);
    return verdict.violations.length > 0 ? 1 : 0;
  }
  const hours = values.long === undefined ? undefined : positive('--long', values.long);
  const isLong = hours !== undefined;
  const end = Date.now() + (hours ?? 0) * 3_600_000;
  const firstSeed = positive('--seed', values.seed);
  const rounds = positive('--rounds', values.rounds);
  const durationMs = isLong ? 300_000 : positive('--seconds', values.seconds) * 1_000;
  const longestFaultMs = isLong ? 20_000 : positive('--longest', values.longest) * 1_000;
  const planted = values['planted-bug'];
  const bug = planted === undefined ? undefined : oneOf('planted bug', BUGS, planted);
  const topology = values.topology === undefined ? undefined : oneOf('topology', NAMES, values.topology);
  const names = topology === undefined ? NAMES.slice(0, isLong ? 3 : 2) : [topology];
  const kinds = new Set<ViolationKind>();
  for (let round = 0; isLong ? Date.now() < end : round < rounds; round += 1) {
    const seed = firstSeed + round;
    const name = names[round % names.length] ?? 'embedded';
    print(
      `\nRound ${round + 1}: seed ${seed}, ${name}. Once more: npm run test:faults -- --rounds 1 --seed ${seed} --topology ${name}`,
    );
    const result = await runRound({
      ...{ seed, say: print },
      build: TOPOLOGIES[name],
      ...{ durationMs, longestFaultMs },
      ...(bug !== undefined && { patienceMs: PLANTED_PATIENCE_MS }),
      preload: bug === undefined ? undefined : join(__dirname, 'planted', `${bug}.cjs`),
    });
    for (const line of reportOf(result)) print(line);
    if (!result.hasDisk) print('A full disk was SKIPPED: no small file system can be mounted here.');
    for (const { kind } of result.verdict.violations) kinds.add(kind);
    const isToBeLookedAt = result.verdict.violations.length > 0 && bug === undefined;
    if (isToBeLookedAt || values.keep) print(`Logs and ledgers are left in ${result.folder}`);
    else removeLogs(result);
  }
  if (bug === undefined) return kinds.size > 0 ? 1 : 0;
  const wanted: ViolationKind = PLANTED[bug];
  print(
    `The planted bug "${bug}" was ${kinds.has(wanted) ? 'found' : 'NOT found'}: it leads to "${wanted}".`,
  );
  return kinds.has(wanted) ? 0 : 1;
});
