import { meetsTarget, median, ratioOf, type Comparison, type Table } from './comparison';

/** One bench, as it ran. Kept as JSON. */
export interface BenchReport {
  bench: string;
  /** What it compares. */
  about: string;
  /** What it ran on; absent when no Temporal server has a part in it. */
  server?: string;
  /** Whether it was a short run, whose figures say little. */
  quick: boolean;
  /** ISO 8601, UTC. */
  startedAt: string;
  seconds: number;
  machine: { processors: string; memoryGb: number; system: string; node: string };
  tables: readonly Table[];
}

/** A report as Markdown, under a heading of the second level. */
export function markdownOf({
  bench,
  about,
  server,
  quick,
  startedAt,
  seconds,
  machine,
  tables,
}: BenchReport): string {
  const { processors, memoryGb, system, node } = machine;
  const facts = [
    `Compared: ${about}.`,
    `${processors}, ${memoryGb} GB, ${system}, Node ${node}; ${startedAt.slice(0, 10)}, ${Math.round(seconds)} s.`,
    ...(quick ? ['A quick run, whose figures say little.'] : []),
  ];
  const heading = `## ${bench}${server === undefined ? '' : ` (${server})`}`;
  return [heading, facts.join(' '), ...tables.map(tableOf)].join('\n\n');
}

/** Many reports as one page. */
export function summaryOf(reports: readonly BenchReport[]): string {
  const introduction = `# Benchmarks

Written by \`npm run bench -- --summary\`. Each ratio is that of two measurements of one run, one right after the other: its median over
all pairs, and its spread. Compare ratios, not figures: those are this machine's.`;
  return `${[introduction, ...reports.map(markdownOf)].join('\n\n')}\n`;
}

function tableOf({ title, sides: [ours, theirs], comparisons, notes = [] }: Table): string {
  const rows = [
    ['', ours, theirs, 'ratio', 'spread', 'target'],
    ['---', '--:', '--:', '--:', '---', '---'],
    ...comparisons.map(rowOf),
  ];
  return [`**${title}**`, rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n'), ...notes].join('\n\n');
}

function rowOf(comparison: Comparison): string[] {
  const { what, unit, ours, theirs } = comparison;
  const ratio = ratioOf(comparison);
  return [
    what,
    `${readable(median(ours))} ${unit}`.trim(),
    `${readable(median(theirs))} ${unit}`.trim(),
    readable(ratio.median),
    ours.length === 1 ? 'once' : `${readable(ratio.min)} to ${readable(ratio.max)}, ${ours.length} pairs`,
    targetOf(comparison),
  ];
}

function targetOf(comparison: Comparison): string {
  const { target } = comparison;
  if (target === undefined) return '';
  const wanted = 'atLeast' in target ? `at least ${target.atLeast}` : `at most ${target.atMost}`;
  return `${wanted}: ${meetsTarget(comparison) === true ? 'met' : '**missed**'}`;
}

/** Three digits that count, and no more. */
function readable(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return value.toLocaleString('en');
  if (Math.abs(value) < 0.1) return value.toPrecision(2);
  const digits = Math.min(2, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
