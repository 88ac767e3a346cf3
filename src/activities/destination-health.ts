import { log } from '@temporalio/activity';
import type { CallResult } from '../delivery/send';
import { looksDown } from '../destinations/circuit-breaker';
import type { CallTiming, FailedAttempt } from '../shared/called-webhook';
import type { DisabledDestination } from '../shared/disabled-destination';
import type { RecoveredDestination } from '../shared/recovered-destination';
import { within } from '../shared/within';

/** A destination that is to be disabled: why, and since when its calls fail. */
export interface Outage {
  reason: string;
  failingSince: string;
}

/** Disables a destination durably. May be called any number of times for one outage. */
export type DisableDestination = (destination: DisabledDestination) => Promise<void>;

/** Has those told that a destination works again who were told of its outage, durably. May be called any number of times for one. */
export type AnnounceRecovery = (recovered: RecoveredDestination) => Promise<void>;

/** Counts calls for people to look at. Writes nothing. */
export interface CountedCalls {
  add(workspace: string, call: CallTiming, delivered: boolean): void;
}

/** Where it is kept how receivers are doing. */
export interface DestinationRecord {
  recordFailure(
    workspace: string,
    origin: string,
    failure: { at: string; error: string; isDown: boolean; isGone: boolean },
  ): Promise<Outage | undefined>;
  /** The first who claims it may see whether the host is back. @param openUntil as it was read */
  claimProbe(workspace: string, origin: string, openUntil: string): Promise<boolean>;
  /** The outage that a success would end, when people were told of it. */
  outageTold(
    workspace: string,
    origin: string,
  ): Promise<Pick<RecoveredDestination, 'failingSince' | 'wasDisabled'> | undefined>;
  /** Writes only when it was failing. */
  recordSuccess(workspace: string, origin: string, at: string): Promise<void>;
}

export interface HealthKeeping {
  destinations: DestinationRecord;
  disable: DisableDestination;
  recovered: AnnounceRecovery;
}

/** How long the record may hold up an attempt that has been made. Milliseconds. */
const TIME_LIMIT_MS = 2_000;

/**
 * Records how a call went; that it went well is recorded only when the one before had failed. After too many failures it has
 * the destination disabled; when people were told of its outage, they are told that it works again. Never throws and never takes long: the call has been made, and must not be made again because
 * something that comes after it could not be done; the next failure makes up for it.
 */
export async function recordHealth(
  { destinations, disable, recovered }: HealthKeeping,
  { workspace, wasFailing }: { workspace: string; wasFailing: boolean },
  result: CallResult,
): Promise<void> {
  if (result.delivered && !wasFailing) return;
  const { url } = result.attempt;
  const { origin } = new URL(url);
  try {
    const recording = result.delivered
      ? recordSuccess({ destinations, recovered }, { workspace, origin }, result.attempt.startedAt)
      : recordFailure({ destinations, disable }, { workspace, origin }, result.attempt);
    await within(TIME_LIMIT_MS, recording, () => {
      throw new Error('the store takes too long');
    });
  } catch (error) {
    log.warn('How the receiver is doing could not be recorded', { origin, error: String(error) });
  }
}

/** The telling is begun before the outage is forgotten: after a crash in between, the next success begins it, once. */
async function recordSuccess(
  { destinations, recovered }: Pick<HealthKeeping, 'destinations' | 'recovered'>,
  { workspace, origin }: { workspace: string; origin: string },
  recoveredAt: string,
): Promise<void> {
  const outage = await destinations.outageTold(workspace, origin);
  if (outage !== undefined) await recovered({ workspace, origin, recoveredAt, ...outage });
  await destinations.recordSuccess(workspace, origin, recoveredAt);
}

async function recordFailure(
  { destinations, disable }: Pick<HealthKeeping, 'destinations' | 'disable'>,
  { workspace, origin }: { workspace: string; origin: string },
  attempt: FailedAttempt,
): Promise<void> {
  const failure = { at: attempt.startedAt, ...failureOf(attempt) };
  const outage = await destinations.recordFailure(workspace, origin, failure);
  if (outage !== undefined) await disable({ workspace, origin, ...outage });
}

function failureOf(attempt: FailedAttempt): { error: string; isDown: boolean; isGone: boolean } {
  return { error: attempt.error, isDown: looksDown(attempt), isGone: attempt.status === 410 };
}
