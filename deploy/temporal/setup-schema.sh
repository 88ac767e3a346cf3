#!/bin/sh
# Brings the two databases of the Temporal server to the schema of this version of the tool: from nothing at first, at an upgrade
# from where they stand. May be run any number of times. Where they are: SQL_HOST, SQL_PORT, SQL_USER, SQL_PASSWORD.
set -eu
update() {
  temporal-sql-tool --plugin postgres12 --database "$1" setup-schema --version 0.0
  temporal-sql-tool --plugin postgres12 --database "$1" update-schema --schema-name "postgresql/v12/$2"
}
update temporal temporal
update temporal_visibility visibility
