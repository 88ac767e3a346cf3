import { passage, probedByAnother, slowerLook, type Standing } from '../destinations/standing';
import type { Step } from '../rules/rule';
import type { DestinationRecord } from './destination-health';
import { held } from './held';

/** How an attempt came about. */
interface Attempt {
  test?: true;
  looks?: number;
  force?: true;
}

/**
 * Holds the attempts of a paused rule; a trial run is none that a pause is for.
 *
 * @throws ApplicationFailure of type `Held`
 */
export function holdIfPaused(
  { paused_at: since }: { paused_at?: string | null | undefined },
  { url }: Pick<Step, 'url'>,
  { test, looks = 0 }: Attempt,
): void {
  if (since == null || test) return;
  const { origin } = new URL(url);
  const reason = `the rule is paused since ${since}`;
  throw held({ origin, reason, because: 'rule_paused', lookAgainMs: slowerLook(looks) });
}

/**
 * Holds what would call a destination that is disabled, or whose circuit breaker is open. When it has been open long enough
 * one attempt passes, to see whether the host is back.
 *
 * @throws ApplicationFailure of type `Held`
 */
export async function holdAtDestination(
  destinations: Pick<DestinationRecord, 'claimProbe'>,
  { workspace, origin, standing }: { workspace: string; origin: string; standing: Standing },
  { looks = 0, force }: Attempt,
): Promise<void> {
  const random = Math.random();
  const how = passage(origin, standing, { now: Date.now(), looks, force: force ?? false, random });
  if (how === 'free') return;
  if ('hold' in how) throw held(how.hold);
  const isClaimed = await destinations.claimProbe(workspace, origin, how.probe);
  if (!isClaimed) throw held(probedByAnother(origin, random));
}
