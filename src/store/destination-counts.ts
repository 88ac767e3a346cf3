import type { Database } from './database';
import type { DestinationStanding } from './destination-store';

/** How many of all that are known, called by a rule or not, stand how. @param now ISO 8601, UTC */
export async function countDestinations(
  reader: Database['reader'],
  now: string,
): Promise<Partial<Record<DestinationStanding, number>>> {
  const known = reader
    .selectFrom('rule_calls')
    .select(['workspace', 'origin'])
    .union(reader.selectFrom('destinations').select(['workspace', 'origin']));
  const standings = reader
    .selectFrom(known.as('known'))
    .leftJoin('destinations', (join) =>
      join
        .onRef('destinations.workspace', '=', 'known.workspace')
        .onRef('destinations.origin', '=', 'known.origin'),
    )
    .select((eb) =>
      eb
        .case()
        .when('disabled_at', 'is not', null)
        .then('disabled' as const)
        .when('open_until', '>', now)
        .then('circuit_open' as const)
        .when('failing_since', 'is not', null)
        .then('failing' as const)
        .else('healthy' as const)
        .end()
        .as('standing'),
    );
  const rows = await reader
    .selectFrom(standings.as('each'))
    .select((eb) => ['each.standing', eb.fn.countAll().as('count')] as const)
    .groupBy('each.standing')
    .execute();
  return Object.fromEntries(rows.map(({ standing, count }) => [standing, Number(count)]));
}
