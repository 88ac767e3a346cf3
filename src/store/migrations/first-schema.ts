import type { ColumnTypes } from '../database';

/**
 * Only primary keys begin with the workspace: as long as PostgreSQL has not counted a table's rows, it takes any index that
 * does for as good as the key, and its checks of foreign keys stay with what they chose.
 */
export function firstSchema({ text, counter }: ColumnTypes): string[] {
  const stamp = `
    version integer not null,
    created_at ${text} not null,
    updated_at ${text} not null,
    updated_by ${text} not null`;
  const inFeed = `
    changed_seq bigint not null,
    deleted integer not null`;
  const workspace = `workspace ${text} not null references workspaces (id)`;
  return [
    `create table clock (id integer primary key, seq bigint not null)`,
    `insert into clock (id, seq) values (1, 0)`,
    `create table facts (name ${text} primary key, value ${text} not null)`,

    `create table workspaces (id ${text} primary key, name ${text} not null, created_at ${text} not null)`,

    `create table rules (
      ${workspace},
      id ${text} not null,
      document ${text} not null,
      portfolio_id ${text},
      member_id ${text},
      ${stamp}, ${inFeed},
      primary key (workspace, id)
    )`,
    `create index rules_changed on rules (changed_seq, workspace, id)`,
    `create index rules_of_portfolio on rules (portfolio_id, workspace)`,
    `create index rules_of_member on rules (member_id, workspace)`,

    `create table rule_versions (
      workspace ${text} not null,
      rule_id ${text} not null,
      version integer not null,
      action ${text} not null,
      document ${text} not null,
      created_at ${text} not null,
      changed_at ${text} not null,
      changed_by ${text} not null,
      primary key (workspace, rule_id, version),
      foreign key (workspace, rule_id) references rules (workspace, id)
    )`,

    `create table scorecards (
      ${workspace},
      key ${text} not null,
      id ${text} not null,
      domain ${text},
      domain_key ${text},
      mine integer not null,
      followed integer not null,
      ${stamp}, ${inFeed},
      primary key (workspace, key)
    )`,
    `create index scorecards_changed on scorecards (changed_seq, workspace, key)`,
    `create index scorecards_by_domain on scorecards (domain_key, workspace)`,

    `create table portfolios (
      ${workspace},
      id ${text} not null,
      name ${text},
      ${stamp}, ${inFeed},
      primary key (workspace, id)
    )`,
    `create index portfolios_changed on portfolios (changed_seq, workspace, id)`,

    `create table portfolio_scorecards (
      workspace ${text} not null,
      portfolio_id ${text} not null,
      scorecard_key ${text} not null,
      primary key (workspace, portfolio_id, scorecard_key),
      foreign key (workspace, portfolio_id) references portfolios (workspace, id),
      foreign key (workspace, scorecard_key) references scorecards (workspace, key)
    )`,
    `create index portfolios_of_scorecard on portfolio_scorecards (scorecard_key, workspace)`,

    `create table issue_types (
      workspace ${text} primary key references workspaces (id),
      severities ${text} not null,
      changed_seq bigint not null
    )`,

    `create table members (
      ${workspace},
      id ${text} not null,
      name ${text} not null,
      email ${text} not null,
      ${stamp},
      primary key (workspace, id)
    )`,

    `create table api_keys (
      id ${text} primary key,
      ${workspace},
      name ${text} not null,
      role ${text} not null,
      hash ${text} not null,
      created_at ${text} not null,
      created_by ${text} not null,
      revoked_at ${text}
    )`,
    `create index api_keys_of_workspace on api_keys (workspace, id)`,

    `create table event_types (
      ${workspace},
      name ${text} not null,
      description ${text},
      schema ${text},
      ${stamp},
      primary key (workspace, name)
    )`,

    // The busiest tables: no more indexes than they need, and no look at what they refer to for each row.
    `create table events (
      workspace ${text} not null,
      id ${text} not null,
      hash ${text} not null,
      event ${text} not null,
      received_at ${text} not null,
      touched_at ${text} not null,
      state ${text} not null,
      matched integer not null,
      primary key (workspace, id)
    )`,
    `create index events_by_time on events (workspace, received_at, id)`,
    `create index events_pending on events (touched_at) where state = 'pending'`,

    `create table event_matches (
      workspace ${text} not null,
      event_id ${text} not null,
      chunk integer not null,
      matches ${text} not null,
      primary key (workspace, event_id, chunk)
    )`,

    `create table destinations (
      workspace ${text} not null,
      origin ${text} not null,
      failing_since ${text},
      consecutive_failures integer not null,
      last_error ${text},
      last_failure_at ${text},
      last_recovery_at ${text},
      primary key (workspace, origin)
    )`,

    `create table audit_log (
      id ${counter},
      workspace ${text} not null,
      at ${text} not null,
      actor ${text} not null,
      action ${text} not null,
      subject_type ${text} not null,
      subject_id ${text} not null,
      details ${text} not null
    )`,
    `create index audit_of_workspace on audit_log (workspace, id)`,
    `create index audit_of_subject on audit_log (workspace, subject_type, subject_id, id)`,

    `insert into workspaces (id, name, created_at)
      values ('default', 'Default', '${new Date().toISOString()}')`,
  ];
}
