import { useEffect, useState } from 'preact/hooks';

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });
const absolute = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});

/** "3 min. ago", "in 2 hr.": the largest unit that fits. */
export function relativeTime(at: number, now: number): string {
  const distance = at - now;
  const [unit, size] = UNITS.find(([, milliseconds]) => Math.abs(distance) >= milliseconds) ?? [
    'second',
    1_000,
  ];
  return relative.format(Math.trunc(distance / size), unit);
}

/** In the reader's own zone. */
export function localTime(iso: string): string {
  return absolute.format(new Date(iso));
}

/** A length of time as people say it: `850 ms`, `12.4 s`, `6 min`, `36 h`. @param ms milliseconds */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${round(ms / 1_000)} s`;
  if (ms < 3_600_000) return `${round(ms / 60_000)} min`;
  return ms < 4 * 86_400_000 ? `${round(ms / 3_600_000)} h` : `${round(ms / 86_400_000)} days`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** The present, again and again. @param everyMs milliseconds */
export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, everyMs);
    return () => {
      clearInterval(timer);
    };
  }, [everyMs]);
  return now;
}

/** A moment: how long ago or until, or when in the reader's zone; with UTC on hover. */
export function Time({ at, as = 'relative' }: { at: string; as?: 'relative' | 'absolute' }) {
  const now = useNow(as === 'relative' ? 1_000 : 3_600_000);
  const text = as === 'relative' ? relativeTime(Date.parse(at), now) : localTime(at);
  const title = as === 'relative' ? `${localTime(at)} · ${at}` : at;
  return (
    <time dateTime={at} title={title} class="nowrap numeric">
      {text}
    </time>
  );
}
