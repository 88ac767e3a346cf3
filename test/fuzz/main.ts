/**
 * `npm run fuzz -- [--seconds N] [--seed N] [--path P] [target[/fuzz] ...]`: tries hostile inputs for N seconds each target, and
 * ends with 1 when one of them finds a defect. docs/aging-and-fuzzing.md has more.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runFuzz, type Fuzz, type FuzzReport, type FuzzTarget } from './fuzz';
import { openApi } from './api';
import { openParsers } from './parsers';
import { openResponses } from './responses';
import { openUrlGuard } from './url-guard';

const TARGETS: Record<string, () => Promise<FuzzTarget>> = {
  api: openApi,
  parsers: openParsers,
  responses: openResponses,
  'url-guard': openUrlGuard,
};

/** Each target, unless told. Seconds. */
const DEFAULT_SECONDS = 60;

/** Errors that nobody handled: of the input that is tried just then. */
const unhandled: unknown[] = [];
process.on('unhandledRejection', (error) => unhandled.push(error));
process.on('uncaughtException', (error) => unhandled.push(error));

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function printDefect(name: string, seed: number, { defect }: FuzzReport): void {
  for (const error of unhandled.splice(0))
    print(`\nDEFECT in ${name}: unhandled, seed ${seed}: ${stackOf(error)}`);
  if (defect === undefined) return;
  print(`\nDEFECT in ${name}: ${defect.error}\ninput: ${defect.input}`);
  print(`again: npm run fuzz -- --seed ${defect.seed} --path ${defect.path} ${name}\n`);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function runTarget(
  name: string,
  { fuzzes }: FuzzTarget,
  wanted: string | undefined,
  { seconds, seed, path }: { seconds: number; seed: number; path: string | undefined },
): Promise<{ inputs: number; defects: number }> {
  const chosen = fuzzes.filter((each: Fuzz) => wanted === undefined || each.name === wanted);
  if (chosen.length === 0) throw new Error(`${name} has ${fuzzes.map((each) => each.name).join(', ')}`);
  let [inputs, defects] = [0, 0];
  for (const each of chosen) {
    const report = await runFuzz(each, { seed, path, ms: (seconds * 1_000) / chosen.length });
    const found = unhandled.length + (report.defect === undefined ? 0 : 1);
    const [title, count] = [`${name}/${each.name}`, report.inputs.toLocaleString('en')];
    print(
      `${title.padEnd(30)} ${count.padStart(11)} inputs ${report.seconds.toFixed(1).padStart(7)} s ${found} defects`,
    );
    printDefect(title, seed, report);
    inputs += report.inputs;
    defects += found;
  }
  return { inputs, defects };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: 'string' }, seed: { type: 'string' }, path: { type: 'string' } },
  });
  const seconds = Number(values.seconds ?? DEFAULT_SECONDS);
  const seed = Number(values.seed ?? randomInt(2 ** 31));
  print(`seed ${seed}, ${seconds} s each target`);
  let defects = 0;
  for (const wanted of positionals.length > 0 ? positionals : Object.keys(TARGETS)) {
    const [name = '', fuzzName] = wanted.split('/');
    const open = TARGETS[name];
    if (open === undefined)
      throw new Error(`there is no target "${name}": ${Object.keys(TARGETS).join(', ')}`);
    const target = await open();
    try {
      const found = await runTarget(name, target, fuzzName, { seconds, seed, path: values.path });
      print(`${name}: ${found.inputs.toLocaleString('en')} inputs, ${found.defects} defects\n`);
      defects += found.defects;
    } finally {
      await target.close?.();
    }
  }
  process.exitCode = defects > 0 ? 1 : 0;
}

void main().catch((error: unknown) => {
  process.stderr.write(`${stackOf(error)}\n`);
  process.exitCode = 1;
});
