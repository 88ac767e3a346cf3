import ms from 'ms';
import type { JsonObject } from '../../shared/json';
import { DEFAULT_RETRY_DELAYS_MS } from '../../shared/limits';

/** Milliseconds; undefined for what is no time with its unit. */
function delayMs(text: string): number | undefined {
  if (!/[a-z]\s*$/i.test(text) || text.length > 100) return undefined;
  const value = ms(text as ms.StringValue);
  // undefined at run time when it cannot be parsed, whatever the types say.
  return Number.isFinite(value) ? value : undefined;
}

/**
 * When the retries of a rule happen, counted from the first attempt. Milliseconds.
 *
 * @returns undefined while one of the delays cannot be read
 */
export function retryTimes({ retry_schedule: schedule }: JsonObject): number[] | undefined {
  const delays =
    schedule === undefined
      ? [...DEFAULT_RETRY_DELAYS_MS]
      : Array.isArray(schedule)
        ? schedule.map((delay) => (typeof delay === 'string' ? delayMs(delay) : undefined))
        : [undefined];
  const times: number[] = [];
  let sum = 0;
  for (const delay of delays) {
    if (delay === undefined) return undefined;
    sum += delay;
    times.push(sum);
  }
  return times;
}

/** Delays as people write them in one line: "6m, 54m, 3h". */
export function delaysOf(line: string): string[] {
  return line
    .split(/[,\n]+/)
    .map((delay) => delay.trim())
    .filter((delay) => delay !== '');
}

/** The contract's delays, as they are written. */
export const DEFAULT_DELAYS: readonly string[] = ['6m', '54m', '3h', '8h', '24h'];
