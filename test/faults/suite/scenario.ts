import { fractionOf } from './random';

/** What a receiver does with a step: answers, fails a few times first, or always fails. */
export type Receives = 'well' | 'after-failures' | 'never';

/** A rule of the load: each listens to an event type of its own, or shares one with others. */
export interface ScriptedRule {
  id: string;
  eventType: string;
  steps: Receives[];
  /** Before each retry, counted from the attempt before it. Milliseconds. */
  delaysMs: number[];
  /** Its later escalations are gathered for so long. Milliseconds; 0: each has a mail of its own. */
  digestMs: number;
}

export const OWNER = 'owner@example.com';

/** Long enough that no fault of a few seconds uses it up. */
const PATIENT = [1_000, 2_000, 3_000, 5_000, 8_000, 10_000];
const SHORT = [1_000, 2_000, 3_000];

/** One event of this type starts more executions than the API starts by itself, so that a dispatcher does. */
const FANNED_OUT = 12;

const rule = (id: string, steps: Receives[], more: Partial<ScriptedRule> = {}): ScriptedRule => ({
  id,
  eventType: `load.${id}`,
  steps,
  delaysMs: PATIENT,
  digestMs: 0,
  ...more,
});

export const RULES: readonly ScriptedRule[] = [
  rule('single', ['well']),
  rule('chain', ['well', 'well', 'well']),
  rule('flaky', ['after-failures']),
  rule('flaky-chain', ['well', 'after-failures', 'well']),
  rule('dead', ['never'], { delaysMs: SHORT }),
  rule('dead-end', ['well', 'never', 'well'], { delaysMs: SHORT, digestMs: 10_000 }),
  rule('pair-a', ['well'], { eventType: 'load.pair' }),
  rule('pair-b', ['after-failures'], { eventType: 'load.pair' }),
  ...Array.from({ length: FANNED_OUT }, (_, nth) =>
    rule(`wide-${nth + 1}`, ['well'], { eventType: 'load.wide' }),
  ),
];

/** How often each event type comes, in parts of the whole. */
export const EVENT_MIX: readonly (readonly [type: string, parts: number])[] = [
  ['load.single', 6],
  ['load.chain', 6],
  ['load.flaky', 4],
  ['load.flaky-chain', 4],
  ['load.dead', 2],
  ['load.dead-end', 2],
  ['load.pair', 3],
  ['load.wide', 1],
];

export function ruleOf(id: string): ScriptedRule {
  const found = RULES.find((each) => each.id === id);
  if (found === undefined) throw new Error(`the load has no rule ${id}`);
  return found;
}

export interface ScriptedAnswer {
  status: number;
  body: { answer: string };
  /** Milliseconds. */
  afterMs: number;
}

/** One call in so many takes long enough to be under way when something dies. */
const SLOW_SHARE = 0.15;

/**
 * What the receiver answers: it follows from the seed, the message (an execution's step) and how often it was retried, and
 * from nothing that a fault could change, so that the checker knows it too.
 */
export function answerTo(
  seed: number,
  { executionId, step, retries }: { executionId: string; step: number; retries: number },
  receives: Receives,
): ScriptedAnswer {
  const message = `${executionId}_${step}`;
  const failures = {
    well: 0,
    'after-failures': 1 + Math.floor(fractionOf(seed, `${message} fails`) * 3),
    never: Infinity,
  };
  const pace = fractionOf(seed, `${message} ${retries} takes`);
  return {
    status: retries < failures[receives] ? 503 : 200,
    body: { answer: fractionOf(seed, `${message} answers`).toString(36) },
    afterMs: Math.round(pace < SLOW_SHARE ? 500 + pace * 10_000 : pace * 30),
  };
}
