import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { codeOf } from './error-facts';

const run = promisify(execFile);

/** One process, told apart from a later one that was given the same pid. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the system's own words: to be compared, not read. */
  started: string;
}

/** Who the process with this pid is. `undefined` when there is none or it has ended and was not yet reaped. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  // Slim Linux images lack `ps`, macOS lacks /proc.
  const started = process.platform === 'linux' ? await startedByProc(pid) : await startedByPs(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Whether this very process is still running. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(identity.pid))?.started === identity.started;
}

/** Sends a signal, unless the process has ended. */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  if (!(await isRunning(identity))) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

async function startedByProc(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The second field is the command in parentheses, which may hold anything; the third is the state, the 22nd the start
  // in clock ticks since boot.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  return `${boot.trim()}/${fields[19] ?? ''}`;
}

async function startedByPs(pid: number): Promise<string | undefined> {
  // The environment is fixed because the date is printed in local time and language.
  const options = { env: { LC_ALL: 'C', TZ: 'UTC' } };
  const result = await run('/bin/ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], options).catch(
    () => undefined,
  );
  const [, state, started] = /^\s*(\S+)\s+(.+?)\s*$/.exec(result?.stdout ?? '') ?? [];
  return state === undefined || state.startsWith('Z') ? undefined : started;
}
