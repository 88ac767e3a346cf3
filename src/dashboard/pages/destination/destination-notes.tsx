import { useQuery } from '@tanstack/preact-query';
import { Link } from 'wouter-preact';
import { heldCountQuery, type Destination } from '../../api/destinations';
import { localTime, Time } from '../../ui/time';
import { standingOf } from '../destinations/standing';

/** What there is to know of how a destination stands, and what waits for it. */
export function DestinationNotes({ destination: { origin, health } }: { destination: Destination }) {
  const { data: held } = useQuery(heldCountQuery(origin));
  const {
    disabled,
    circuit_open_until: openUntil,
    failing_since: failingSince,
    consecutive_failures: failures,
    last_error: error,
  } = health;
  const standing = standingOf(health, Date.now());
  const filter = `destination=${encodeURIComponent(origin)}`;
  return (
    <>
      {disabled !== null && (
        <p class="note warn">
          <span>
            Disabled <Time at={disabled.at} /> by {disabled.by}: {disabled.reason}. Nothing is called there;
            what would be is held, and escalated when its 36 hours are over.
          </span>
        </p>
      )}
      {standing === 'circuit_open' && openUntil !== null && (
        <p class="note warn">
          <span>
            The circuit is open: calls wait until {localTime(openUntil)}, <Time at={openUntil} />. Then one
            call sees whether it is back.
          </span>
        </p>
      )}
      {failingSince !== null && (
        <p class="note bad">
          <span class="break">
            Failing since {localTime(failingSince)}: {failures.toLocaleString()}{' '}
            {failures === 1 ? 'call' : 'calls in a row'}.{error !== null && <> The last error: {error}</>}
          </span>
        </p>
      )}
      {held !== undefined && held.count > 0 && (
        <p class="note warn">
          <span class="grow">
            <b class="numeric">{held.count.toLocaleString()}</b>{' '}
            {held.count === 1 ? 'execution is' : 'executions are'} held because of it.
          </span>
          <Link href={`/executions?${filter}&status=held`}>See {held.count === 1 ? 'it' : 'them'}</Link>
        </p>
      )}
    </>
  );
}
