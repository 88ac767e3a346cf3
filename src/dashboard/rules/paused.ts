import type { JsonObject } from '../../shared/json';

/** Since when a rule is paused; undefined when it is not. */
export function pausedSince({ paused_at: pausedAt }: JsonObject): string | undefined {
  return typeof pausedAt === 'string' ? pausedAt : undefined;
}

export function isPaused(document: JsonObject): boolean {
  return pausedSince(document) !== undefined;
}
