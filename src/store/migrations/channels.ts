import type { ColumnTypes } from '../database';

/** Where notices go besides e-mail, and whom rules name to be told. */
export function channels({ text }: ColumnTypes): string[] {
  const columns = ['id', 'kind', 'name', 'origin', 'sealed', 'created_at', 'updated_at', 'updated_by'];
  return [
    `create table channels (workspace ${text} not null references workspaces (id),
      ${columns.map((column) => `${column} ${text} not null`).join(', ')},
      version integer not null,
      primary key (workspace, id))`,
    `create table rule_notices (workspace ${text} not null, rule_id ${text} not null, kind ${text} not null,
      target ${text} not null,
      primary key (workspace, rule_id, kind, target))`,
    'create index rule_notices_by_target on rule_notices (workspace, kind, target)',
  ];
}
