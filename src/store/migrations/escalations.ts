import type { ColumnTypes } from '../database';

/** Executions that were escalated, and until when further ones of a rule are gathered. */
export function escalations({ text }: ColumnTypes): string[] {
  const columns = ['workspace', 'execution_id', 'rule_id', 'rule_name', 'origin', 'url', 'error', 'at'];
  return [
    `create table escalations (${columns.map((column) => `${column} ${text} not null`).join(', ')},
      domain ${text}, owner_name ${text}, owner_email ${text} not null, gathered_until ${text}, notice_id ${text},
      primary key (workspace, execution_id))`,
    'create index escalations_of_notice on escalations (workspace, notice_id, at, execution_id)',
    'create index escalations_untold on escalations (workspace, rule_id) where notice_id is null',
    `create table escalation_windows (workspace ${text} not null, rule_id ${text} not null, ends_at ${text} not null,
      primary key (workspace, rule_id))`,
  ];
}
