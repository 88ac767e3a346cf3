import type { ColumnTypes } from '../database';

/** What an event says of itself that lists are filtered by. */
export function eventFilters({ text }: ColumnTypes): string[] {
  return [
    `alter table events add column type ${text}`,
    `alter table events add column domain ${text}`,
    'create index events_by_type on events (type, workspace, received_at, id)',
    'create index events_by_domain on events (domain, workspace, received_at, id) where domain is not null',
  ];
}
