/** `npm run bench -- --help`: runs benches by name. Each leaves its figures in bench/results/, as JSON and as Markdown. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import type { Bench, BenchSize } from './bench';
import { meetsTarget } from './comparison';
import { markdownOf, summaryOf, type BenchReport } from './report';
import { api } from './benches/api';
import { dispatcher } from './benches/dispatcher';
import { execution } from './benches/execution';
import { fairness } from './benches/fairness';
import { fanOut } from './benches/fan-out';
import { history } from './benches/history';
import { latency } from './benches/latency';
import { matching } from './benches/matching';
import { parked } from './benches/parked';
import { nodeOptions } from './support/child';
import { openStage, type ServerKind } from './support/stage';
import { oneOf, positive, runTool, wordsOf } from '../test/support/tool';
import { installRuntime } from '../src/temporal/runtime';

const RESULTS = join(__dirname, 'results');
const SUMMARY = join(__dirname, '../docs/benchmarks.md');

const USAGE = `usage: npm run bench [-- options] [name ...]
  --server NAME   dev, which the service starts by itself, or postgres: Temporal's own with PostgreSQL; dev unless told
  --repeats N     pairs of measurements; 5 unless told
  --count N       executions that wait; for the bench "parked" alone, 50,000 unless told
  --quick         small sizes, whose figures say little
  --profile       CPU profiles in bench/results/profiles
  --summary       runs nothing, and writes all that is in bench/results/ into docs/benchmarks.md
The benches are matching, execution, api, latency, fan-out, history, and those of many minutes, which run only when they are
named: dispatcher, parked, fairness. Ends with 1 when a target is missed.`;

/** In the order in which they run. */
const BENCHES: Record<string, Bench> = {
  matching,
  execution,
  api,
  latency,
  'fan-out': fanOut,
  dispatcher,
  history,
  parked,
  fairness,
};

/** Only when they are named: each takes many minutes. */
const LONG = ['dispatcher', 'parked', 'fairness'];

const SERVERS = ['dev', 'postgres'] as const;
const SERVER_NAMES = { dev: 'embedded server', postgres: 'Temporal with PostgreSQL' };

runTool(USAGE, async ({ print }) => {
  const { values, positionals } = wordsOf(() =>
    parseArgs({
      allowPositionals: true,
      options: {
        server: { type: 'string', default: 'dev' },
        repeats: { type: 'string' },
        count: { type: 'string' },
        quick: { type: 'boolean', default: false },
        profile: { type: 'boolean', default: false },
        summary: { type: 'boolean', default: false },
      },
    }),
  );
  if (values.summary) {
    const style = await resolveConfig(SUMMARY);
    writeFileSync(SUMMARY, await format(summaryOf(savedReports()), { ...style, filepath: SUMMARY }));
    return 0;
  }
  const { quick: isQuick } = values;
  const server = oneOf('server', SERVERS, values.server);
  for (const name of positionals) oneOf('bench', Object.keys(BENCHES), name);
  const size: BenchSize = {
    isQuick,
    repeats: positive('--repeats', values.repeats ?? (isQuick ? '2' : '5')),
    count: values.count === undefined ? undefined : positive('--count', values.count),
  };
  if (values.profile) nodeOptions.push('--cpu-prof', `--cpu-prof-dir=${join(RESULTS, 'profiles')}`);

  installRuntime('ERROR');
  mkdirSync(RESULTS, { recursive: true });
  const names =
    positionals.length > 0 ? positionals : Object.keys(BENCHES).filter((each) => !LONG.includes(each));
  let isMissed = false;
  for (const name of names) {
    const report = await run(name, server, size);
    const file = join(RESULTS, report.server === undefined ? name : `${name}.${server}`);
    const text = markdownOf(report);
    writeFileSync(`${file}.json`, `${JSON.stringify(report, null, 2)}\n`);
    writeFileSync(`${file}.md`, `${text}\n`);
    print(`${text}\n`);
    isMissed ||= report.tables.some(({ comparisons }) => comparisons.map(meetsTarget).includes(false));
  }
  return isMissed ? 1 : 0;
});

async function run(name: string, server: ServerKind, size: BenchSize): Promise<BenchReport> {
  const bench = BENCHES[name];
  if (bench === undefined) throw new Error(`there is no bench "${name}"`);
  const began = new Date();
  const tables = 'run' in bench ? await bench.run(size) : await runOnStage(bench, server, size);
  return {
    bench: name,
    about: bench.about,
    ...('runOn' in bench && { server: SERVER_NAMES[server] }),
    quick: size.isQuick,
    startedAt: began.toISOString(),
    seconds: (Date.now() - began.getTime()) / 1_000,
    machine: machine(),
    tables,
  };
}

async function runOnStage(bench: Extract<Bench, { runOn: unknown }>, server: ServerKind, size: BenchSize) {
  const stage = await openStage(server);
  try {
    return await bench.runOn(stage, size);
  } finally {
    await stage.close();
  }
}

function machine(): BenchReport['machine'] {
  const all = cpus();
  return {
    processors: `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}`,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.versions.node,
  };
}

/** The last report of each bench and server, in the order of the benches. */
function savedReports(): BenchReport[] {
  const order = Object.keys(BENCHES);
  return readdirSync(RESULTS)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(RESULTS, name), 'utf8')) as BenchReport)
    .sort((a, b) => order.indexOf(a.bench) - order.indexOf(b.bench));
}
