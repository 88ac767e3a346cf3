import type { ColumnTypes } from '../database';

export function secretsOfDestinations({ text }: ColumnTypes): string[] {
  const stamp = `
    version integer not null,
    created_at ${text} not null,
    updated_at ${text} not null,
    updated_by ${text} not null`;
  const ofDestinations = [
    'version integer not null default 0',
    ...['auth', 'tls', 'limits', 'created_at', 'updated_at', 'updated_by'].map((name) => `${name} ${text}`),
  ];
  return [
    ...ofDestinations.map((column) => `alter table destinations add column ${column}`),
    `create index destinations_by_origin on destinations (origin, workspace)`,
    `create index destinations_of_auth on destinations (auth, workspace) where auth is not null`,
    `create index destinations_of_tls on destinations (tls, workspace) where tls is not null`,

    `create table rule_calls (
      workspace ${text} not null,
      rule_id ${text} not null,
      step integer not null,
      origin ${text} not null,
      auth ${text},
      tls ${text},
      primary key (workspace, rule_id, step)
    )`,
    `create index rule_calls_by_origin on rule_calls (origin, workspace)`,
    `create index rule_calls_of_auth on rule_calls (auth, workspace) where auth is not null`,
    `create index rule_calls_of_tls on rule_calls (tls, workspace) where tls is not null`,

    `create table credentials (
      workspace ${text} not null references workspaces (id),
      id ${text} not null,
      kind ${text} not null,
      document ${text} not null,
      secret_fields ${text} not null,
      sealed ${text},
      deleted integer not null,
      ${stamp},
      primary key (workspace, id)
    )`,

    `create table signing_keys (
      workspace ${text} not null,
      origin ${text} not null,
      id ${text} not null,
      seq bigint not null,
      algorithm ${text} not null,
      public_key ${text},
      sealed ${text} not null,
      shown integer not null,
      created_at ${text} not null,
      created_by ${text} not null,
      signs_until ${text},
      primary key (workspace, origin, id)
    )`,

    `create table egress_proxies (
      workspace ${text} primary key references workspaces (id),
      url ${text} not null,
      username ${text},
      no_proxy ${text} not null,
      sealed ${text},
      ${stamp}
    )`,
  ];
}
