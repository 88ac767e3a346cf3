import type { ColumnTypes } from '../database';

/** The last known score of each scorecard, and of each of its factors. */
export function scorecardStates({ text }: ColumnTypes): string[] {
  return [
    `create table scorecard_states (workspace ${text} not null, scorecard_key ${text} not null, factor ${text} not null,
      domain ${text} not null, score double precision not null, score_date integer, received_at ${text} not null,
      primary key (workspace, scorecard_key, factor))`,
    'create index scorecard_states_by_domain on scorecard_states (workspace, domain)',
  ];
}
