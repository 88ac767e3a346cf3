/** What finds entries of the audit log by who, what and when, without a look at all others. */
export function auditFilters(): string[] {
  return [
    'create index audit_of_actor on audit_log (workspace, actor, id)',
    'create index audit_of_action on audit_log (workspace, action, id)',
    'create index audit_by_time on audit_log (workspace, at)',
  ];
}
