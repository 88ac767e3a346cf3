import type { ColumnTypes } from '../database';

/** What holds calls to a destination. */
export function destinationHolds({ text }: ColumnTypes): string[] {
  return [
    `alter table destinations add column disabled_at ${text}`,
    `alter table destinations add column disabled_by ${text}`,
    `alter table destinations add column disabled_reason ${text}`,
    `alter table destinations add column open_until ${text}`,
    'alter table destinations add column trips integer not null default 0',
  ];
}
