#!/bin/sh
# Run once, when PostgreSQL's volume is new: the service and the Temporal server each have a user and databases of their own.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" \
  --set rules_password="$RULES_DB_PASSWORD" --set temporal_password="$TEMPORAL_DB_PASSWORD" <<'SQL'
create role rules login password :'rules_password';
create database rules owner rules;
create role temporal login password :'temporal_password';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
SQL
