-- Optional, for a Temporal whose only user is this service: drops 35 of the 74 indexes that visibility has in PostgreSQL, on
-- attributes that neither the service nor the web UI's usual filters ask for. Each write of visibility, two for an execution,
-- goes into every index. What is asked for by such an attribute all the same is found as before, only slowly.
-- May be run at any time, and again after an upgrade of the schema, which may add some:
--   docker compose exec -T postgres psql --username temporal temporal_visibility < deploy/temporal/drop-unused-indexes.sql

-- Types of attributes of which `src/shared/search-attributes.ts` has none. Of the others Temporal gives out any number.
DROP INDEX IF EXISTS
  by_double_01, by_double_02, by_double_03, by_int_01, by_int_02, by_int_03, by_text_01, by_text_02, by_text_03;

-- Temporal's own, for features that are not used here.
DROP INDEX IF EXISTS
  by_temporal_bool_01, by_temporal_bool_02, by_temporal_datetime_01, by_temporal_datetime_02, by_temporal_double_01,
  by_temporal_double_02, by_temporal_int_01, by_temporal_int_02, by_temporal_keyword_01, by_temporal_keyword_02,
  by_temporal_keyword_03, by_temporal_keyword_04, by_temporal_keyword_list_01, by_temporal_keyword_list_02,
  by_temporal_low_cardinality_keyword_01;

-- Figures of executions, and builds of unversioned workers.
DROP INDEX IF EXISTS
  by_batcher_user, by_binary_checksums, by_build_ids, by_execution_duration, by_history_length, by_history_size_bytes,
  by_state_transition_count, by_temporal_external_payload_count, by_temporal_external_payload_size_bytes,
  by_temporal_pause_info, by_temporal_reported_problems;
