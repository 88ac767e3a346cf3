import type { ColumnTypes } from '../database';

/** What is known of an outage until a call goes well again. */
export function destinationRecovery({ text }: ColumnTypes): string[] {
  return [
    `alter table destinations add column outage_since ${text}`,
    'alter table destinations add column outage_told integer not null default 0',
    'create index escalations_of_origin on escalations (workspace, origin, at)',
  ];
}
