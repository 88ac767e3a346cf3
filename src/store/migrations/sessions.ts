import type { ColumnTypes } from '../database';

/** Who has signed in to the dashboard, and links that sign in once. */
export function sessions({ text }: ColumnTypes): string[] {
  return [
    `create table sessions (hash ${text} primary key, key_id ${text} not null, ends_at ${text} not null,
      seen_at ${text} not null)`,
    `create table session_links (hash ${text} primary key, key_id ${text} not null, ends_at ${text} not null)`,
  ];
}
