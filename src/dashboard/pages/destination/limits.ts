import type { Destination } from '../../api/types';

type Limits = Destination['limits'];

/** As they stand in inputs; empty: no limit of its own. */
export type LimitTexts = Record<keyof Limits, string>;

export function textsOf(limits: Limits): LimitTexts {
  const text = (value: number | null) => (value === null ? '' : String(value));
  return {
    max_concurrent: text(limits.max_concurrent),
    requests_per_second: text(limits.requests_per_second),
    burst: text(limits.burst),
  };
}

export function limitsOf(texts: LimitTexts): Limits {
  const number = (text: string) => (text.trim() === '' ? null : Number(text));
  return {
    max_concurrent: number(texts.max_concurrent),
    requests_per_second: number(texts.requests_per_second),
    burst: number(texts.burst),
  };
}
