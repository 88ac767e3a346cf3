import { InvalidArgumentError } from 'commander';
import ms, { type StringValue } from 'ms';

/** Reads an option that is a whole number. */
export function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Must be a whole number from ${least} to ${most}.`);
  };
}

/** Reads an option that is a number. */
export function decimal(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Must be a number from ${least} to ${most}.`);
  };
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/**
 * Reads a time: ISO 8601, how long ago it was (`90s`, `2h`, `7d`), or the beginning of the latest day of that name (`friday`),
 * or of `today` or `yesterday`, where this machine is. @returns ISO 8601, UTC
 */
export function pastTime(text: string): string {
  const day = beginningOf(text.toLowerCase());
  if (day !== undefined) return day.toISOString();
  const length = /^\d+(\.\d+)?\s*[a-z]+$/i.test(text) ? ms(text as StringValue) : undefined;
  const time = length === undefined ? Date.parse(text) : Date.now() - length;
  const isIso = length !== undefined || /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/.test(text);
  if (Number.isFinite(time) && isIso) return new Date(time).toISOString();
  throw new InvalidArgumentError(
    'Must be a time such as 2026-11-24T04:00:00Z, how long ago, such as 2h, or a day such as friday.',
  );
}

function beginningOf(name: string): Date | undefined {
  const now = new Date();
  const weekday = WEEKDAYS.indexOf(name);
  const daysAgo =
    name === 'today'
      ? 0
      : name === 'yesterday'
        ? 1
        : weekday < 0
          ? undefined
          : (now.getDay() - weekday + 7) % 7;
  if (daysAgo === undefined) return undefined;
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo);
}

/** Collects an option that may be given several times. */
export function repeated(text: string, earlier: string[] = []): string[] {
  return [...earlier, text];
}
