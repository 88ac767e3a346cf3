import { readdirSync, readFileSync } from 'node:fs';

/** Of /proc, on every Linux that Node runs on: `getconf CLK_TCK`. */
const TICKS_PER_SECOND = 100;

interface ProcessFacts {
  pid: number;
  parent: number;
  /** Its own and that of its children which have ended. Milliseconds. */
  cpuMs: number;
}

/** What a process and all below it have used of the processors so far, those that ended included. Linux. Milliseconds. */
export function cpuOfTree(root: number): number {
  return treeOf(root).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** What a process and all below it have in memory; what several share is counted once. Linux. Megabytes. */
export function memoryOfTree(root: number): number {
  return treeOf(root).reduce((sum, { pid }) => sum + memoryOf(pid), 0);
}

function treeOf(root: number): ProcessFacts[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => factsOf(Number(pid)));
  const tree = all.filter(({ pid }) => pid === root);
  // Grows while it is walked.
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

/** @returns none when it has ended */
function factsOf(pid: number): ProcessFacts[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses, which may hold anything. Fields 4 and 14 to 17 count here.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const ticks = fields.slice(11, 15).reduce((sum, each) => sum + each, 0);
    return [{ pid, parent: fields[1] ?? 0, cpuMs: (ticks * 1_000) / TICKS_PER_SECOND }];
  } catch {
    return [];
  }
}

function memoryOf(pid: number): number {
  try {
    const [, kilobytes = '0'] =
      /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
    return Number(kilobytes) / 1_024;
  } catch {
    return 0;
  }
}
