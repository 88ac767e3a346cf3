import type { JsonObject, Json } from '../shared/json';

/** A parsed object as JSON has it: an optional field that is absent by value is absent. */
export function jsonOf(object: Record<string, Json | undefined>): JsonObject {
  const present = Object.entries(object).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Object.fromEntries(present);
}
