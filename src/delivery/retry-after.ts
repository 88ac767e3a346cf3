/**
 * How long a `Retry-After` header asks to wait: a number of seconds or an HTTP date (RFC 9110, 10.2.3).
 *
 * @param now milliseconds since 1970, by the clock of this machine
 * @returns milliseconds from now, at least 0; undefined when the header is absent or cannot be understood
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const value = header?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+$/.test(value)) {
    return Math.min(Number(value) * 1_000, Number.MAX_SAFE_INTEGER);
  }
  // Each of the three HTTP date forms has a name of a day first; Date.parse alone would take nearly anything.
  // The asctime form has no zone, but is GMT like the others.
  const date = value.endsWith('GMT') ? value : `${value} GMT`;
  const at = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(value) ? Date.parse(date) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
