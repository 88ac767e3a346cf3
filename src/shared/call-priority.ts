/** How a call stands in the task queue. The numbers are Temporal's: 1 to 5, and 3 is what all else has. */
export interface CallPriority {
  priorityKey: number;
  fairnessKey: string;
}

const FIRST = 3;

/** A wave of late retries is behind every first attempt. */
const RETRY = 4;

/** Of the workspace's id: with the hash, Temporal's 64 bytes. Characters. */
const MAX_SHOWN = 47;

/**
 * The priority of a call: destinations take turns, and first attempts go before retries. The key shows whose it is and
 * not where it goes to, because Temporal keeps it in the clear. Deterministic: workflows use it.
 *
 * @param workspace absent in executions that began before there were workspaces
 * @param target a URL, of which the origin alone counts
 */
export function callPriority(workspace: string | undefined, target: string, isRetry: boolean): CallPriority {
  const owner = workspace ?? '';
  const [origin = target] = /^[a-z]+:\/\/[^/?#]*/i.exec(target) ?? [];
  return {
    priorityKey: isRetry ? RETRY : FIRST,
    fairnessKey: `${owner.slice(0, MAX_SHOWN)}/${hash(`${owner} ${origin}`)}`,
  };
}

/** FNV-1a of 64 bits, hex: two destinations in one turn would be no harm. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index += 1) {
    value = BigInt.asUintN(64, (value ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n);
  }
  return value.toString(16).padStart(16, '0');
}
