import type { Hold } from '../shared/hold';
import { MAX_LOOK_INTERVAL_MS, MIN_DISABLED_LOOK_MS, PROBE_LEASE_MS } from '../shared/limits';

/** Whether calls to a destination are to be made for now. Times: ISO 8601, UTC. */
export interface Standing {
  /** Somebody, or the program itself, had it disabled. */
  disabled: { at: string; reason: string } | null;
  /** Until when its circuit breaker lets no call pass. Past: one may pass, to see whether it is back. Null: it is closed. */
  openUntil: string | null;
}

/** What an attempt that wants to call may do. */
export type Passage = 'free' | { hold: Hold } | { probe: string };

/**
 * Whether an attempt may call a destination now.
 *
 * @param looks how often this attempt has asked before
 * @param force somebody asked for the attempt: an open circuit breaker does not hold it
 * @param random from 0 to 1: what was held does not come back all at once
 * @returns `free`; why not; or, when the breaker has been open long enough, the time to claim the probe with
 */
export function passage(
  origin: string,
  { disabled, openUntil }: Standing,
  { now, looks, force, random }: { now: number; looks: number; force: boolean; random: number },
): Passage {
  if (disabled !== null) {
    const reason = `${origin} is disabled since ${disabled.at}: ${disabled.reason}`;
    return { hold: { origin, reason, because: 'destination_disabled', lookAgainMs: slowerLook(looks) } };
  }
  if (openUntil === null || force) return 'free';
  const left = Date.parse(openUntil) - now;
  return left > 0 ? { hold: circuitOpen(origin, left, random) } : { probe: openUntil };
}

/** The hold of an attempt that another one was quicker than. */
export function probedByAnother(origin: string, random: number): Hold {
  return circuitOpen(origin, PROBE_LEASE_MS, random);
}

/** How long to wait before the next look whether something that people set still holds. Milliseconds. */
export function slowerLook(looks: number): number {
  return Math.min(MAX_LOOK_INTERVAL_MS, MIN_DISABLED_LOOK_MS * 2 ** Math.min(looks, 20));
}

function circuitOpen(origin: string, leftMs: number, random: number): Hold {
  const reason = `${origin} does not answer: calls wait until it does`;
  return {
    origin,
    reason,
    because: 'circuit_open',
    lookAgainMs: Math.round(leftMs + random * Math.max(leftMs, MIN_DISABLED_LOOK_MS)),
  };
}
