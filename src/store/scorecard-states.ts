import { groupKey } from '../rules/groups';
import type { Database, Tx } from './database';
import { slices } from './lists';
import type { StoredEvent } from './event-store';
import type { Scorecard, ScorecardState, ScorecardStates } from './scorecard-store';
import type { ScorecardStateTable } from './tables';

/** The factor's name of the scorecard's own score. */
const OWN = '';

/** What an event says of how its scorecard stands now: nothing when it is a trial, or has no current score. */
export function statesOf(
  workspace: string,
  { event, receivedAt }: Pick<StoredEvent, 'event' | 'receivedAt'>,
): ScorecardStateTable[] {
  if ('data' in event || 'schedule' in event || event.trial !== undefined) return [];
  const { score, factors = {} } = event.current ?? {};
  const scores = [...(score === undefined ? [] : [[OWN, score] as const]), ...Object.entries(factors)];
  return scores.map(([factor, each]) => ({
    workspace,
    scorecard_key: groupKey(event.scorecard_id),
    factor,
    domain: event.domain,
    score: each,
    score_date: event.platform_score_date ?? null,
    received_at: receivedAt,
  }));
}

/** Keeps what events said of their scorecards, unless a newer one is known. */
export async function keepStates(tx: Tx, states: readonly ScorecardStateTable[]): Promise<void> {
  const newest = new Map<string, ScorecardStateTable>();
  for (const state of states) {
    const key = JSON.stringify([state.workspace, state.scorecard_key, state.factor]);
    if (state.received_at >= (newest.get(key)?.received_at ?? '')) newest.set(key, state);
  }
  // In one order: two transactions that write the same ones wait for each other.
  const rows = [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
  for (const some of slices(rows)) {
    await tx
      .insertInto('scorecard_states')
      .values(some)
      .onConflict((conflict) =>
        conflict
          .columns(['workspace', 'scorecard_key', 'factor'])
          .doUpdateSet((eb) => ({
            domain: eb.ref('excluded.domain'),
            score: eb.ref('excluded.score'),
            score_date: eb.ref('excluded.score_date'),
            received_at: eb.ref('excluded.received_at'),
          }))
          .whereRef('excluded.received_at', '>=', 'scorecard_states.received_at'),
      )
      .execute();
  }
}

/** How scorecards stand, as far as events have told. */
export class ScorecardStateRepository implements ScorecardStates {
  constructor(private readonly database: Database) {}

  async of(
    workspace: string,
    scorecards: readonly Pick<Scorecard, 'id' | 'domain'>[],
  ): Promise<(ScorecardState | undefined)[]> {
    const names = [...new Set(scorecards.flatMap(namesOf))];
    if (names.length === 0) return [];
    const rows = await this.database.reader
      .selectFrom('scorecard_states')
      .selectAll()
      .where('workspace', '=', workspace)
      .where((eb) => eb.or([eb('scorecard_key', 'in', names), eb('domain', 'in', names)]))
      .orderBy('received_at')
      .execute();
    return scorecards.map((scorecard) => {
      const own = namesOf(scorecard);
      return stateFrom(rows.filter((row) => own.includes(row.scorecard_key) || own.includes(row.domain)));
    });
  }
}

/** An event is about a scorecard when it has its id or its domain, as in `whyOutside`. */
function namesOf({ id, domain }: Pick<Scorecard, 'id' | 'domain'>): string[] {
  return domain === null ? [groupKey(id)] : [groupKey(id), groupKey(domain)];
}

/** @param rows oldest first */
function stateFrom(rows: readonly ScorecardStateTable[]): ScorecardState | undefined {
  const newest = rows.at(-1);
  if (newest === undefined) return undefined;
  const scores = new Map(rows.map(({ factor, score }) => [factor, score]));
  const score = scores.get(OWN);
  scores.delete(OWN);
  return {
    domain: newest.domain,
    current: {
      ...(score !== undefined && { score }),
      ...(scores.size > 0 && { factors: Object.fromEntries([...scores].sort()) }),
    },
    ...(newest.score_date !== null && { platformScoreDate: newest.score_date }),
  };
}
