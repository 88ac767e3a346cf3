import type { ColumnTypes } from '../database';

/** How many calls went well and how long they took. */
export function destinationCalls({ text }: ColumnTypes): string[] {
  return [
    `create table destination_calls (
      workspace ${text} not null,
      origin ${text} not null,
      hour ${text} not null,
      bucket integer not null,
      delivered integer not null,
      failed integer not null,
      primary key (workspace, origin, hour, bucket)
    )`,
    'create index destination_calls_by_hour on destination_calls (hour)',
  ];
}
