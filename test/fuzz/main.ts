/** `npm run fuzz -- --help`: tries hostile inputs. docs/aging-and-fuzzing.md has more. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { oneOf, positive, runTool, wordsOf } from '../support/tool';
import { runFuzz, type Fuzz, type FuzzReport, type FuzzTarget } from './fuzz';
import { openApi } from './api';
import { openParsers } from './parsers';
import { openResponses } from './responses';
import { openUrlGuard } from './url-guard';

const USAGE = `usage: npm run fuzz [-- options] [target[/fuzz] ...]
  --seconds N   for each target; 60 unless told
  --seed N      of what is tried; a random one unless told
  --path P      with a seed: only the input that was found there
The targets are api, parsers, responses and url-guard; all unless some are named. Ends with 1 when one has a defect.`;

const TARGETS = {
  api: openApi,
  parsers: openParsers,
  responses: openResponses,
  'url-guard': openUrlGuard,
};
const NAMES = ['api', 'parsers', 'responses', 'url-guard'] as const;

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
  if (wanted !== undefined)
    oneOf(
      `fuzz of ${name}`,
      fuzzes.map((each) => each.name),
      wanted,
    );
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

runTool(USAGE, async () => {
  const { values, positionals } = wordsOf(() =>
    parseArgs({
      allowPositionals: true,
      options: {
        seconds: { type: 'string', default: '60' },
        seed: { type: 'string', default: String(randomInt(1, 2 ** 31)) },
        path: { type: 'string' },
      },
    }),
  );
  const seconds = positive('--seconds', values.seconds);
  const seed = positive('--seed', values.seed);
  const targets = (positionals.length > 0 ? positionals : NAMES).map((word) => {
    const [target = '', fuzz] = word.split('/');
    return { target: oneOf('target', NAMES, target), fuzz };
  });
  print(`seed ${seed}, ${seconds} s each target`);
  let defects = 0;
  for (const { target: name, fuzz } of targets) {
    const target = await TARGETS[name]();
    try {
      const found = await runTarget(name, target, fuzz, { seconds, seed, path: values.path });
      print(`${name}: ${found.inputs.toLocaleString('en')} inputs, ${found.defects} defects\n`);
      defects += found.defects;
    } finally {
      await target.close?.();
    }
  }
  return defects > 0 ? 1 : 0;
});
