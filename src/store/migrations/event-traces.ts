import type { ColumnTypes } from '../database';

/** Which trace an event belongs to. */
export function eventTraces({ text }: ColumnTypes): string[] {
  return [`alter table events add column traceparent ${text}`];
}
