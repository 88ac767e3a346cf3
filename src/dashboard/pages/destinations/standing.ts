import type { Destination } from '../../api/types';

export type Standing = 'disabled' | 'circuit_open' | 'failing' | 'healthy';

/** How a destination stands: the worst that holds. @param now milliseconds since 1970 */
export function standingOf(
  { disabled, circuit_open_until: openUntil, failing_since: failingSince }: Destination['health'],
  now: number,
): Standing {
  if (disabled !== null) return 'disabled';
  if (openUntil !== null && Date.parse(openUntil) > now) return 'circuit_open';
  return failingSince === null ? 'healthy' : 'failing';
}

/** A share as people read it: "100 %" and "0 %" are meant, never rounded to. @param rate from 0 to 1 */
export function percent(rate: number): string {
  const tenths = Math.round(rate * 1_000);
  if (tenths >= 1_000) return rate < 1 ? '99.9 %' : '100 %';
  if (tenths === 0) return rate > 0 ? '0.1 %' : '0 %';
  return `${(tenths / 10).toFixed(1)} %`;
}
