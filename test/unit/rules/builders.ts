import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { customEventSchema } from '../../../src/rules/custom-event';
import type { CustomEvent } from '../../../src/rules/custom-event';
import { scorecardEventSchema } from '../../../src/rules/event';
import type { ScorecardEvent } from '../../../src/rules/event';
import type { ScorecardGroups } from '../../../src/rules/groups';
import { problemLine, problemsOf } from '../../../src/rules/problems';
import { ruleSchema } from '../../../src/rules/rule';
import type { EventRule, Rule, ScheduleRule, ScorecardRule } from '../../../src/rules/rule';
import type { JsonObject } from '../../../src/shared/json';
import type { z } from 'zod';

export const EXAMPLES = join(__dirname, '../../../examples');

export function example(name: string): unknown {
  return JSON.parse(readFileSync(join(EXAMPLES, name), 'utf8'));
}

/** A rule as a person writes it. */
export function ruleInput(changed: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'a-rule',
    name: 'A rule',
    owner: { email: 'owner@example.com' },
    filters: { changes: { value: 'grade_drop' }, scorecards: { value: 'my_scorecard' } },
    steps: [{ action: 'call_webhook', url: 'https://example.com/hook' }],
    ...changed,
  };
}

export function ruleWith(changed: Record<string, unknown> = {}): Rule {
  return ruleSchema.parse(ruleInput(changed));
}

export function ruleFor(
  changes: Record<string, unknown>,
  scorecards: Record<string, unknown> = { value: 'my_scorecard' },
): ScorecardRule {
  return ruleWith({ filters: { changes, scorecards } }) as ScorecardRule;
}

/** A rule that listens to events of a sender's own. */
export function eventRule(event: Record<string, unknown>, changed: Record<string, unknown> = {}): EventRule {
  return ruleWith({ filters: undefined, event, ...changed }) as EventRule;
}

/** A rule that runs by the clock. */
export function scheduleRule(
  schedule: Record<string, unknown>,
  changed: Record<string, unknown> = {},
): ScheduleRule {
  return ruleWith({ filters: undefined, schedule, ...changed }) as ScheduleRule;
}

export function customEvent(
  type: string,
  data: JsonObject = {},
  changed: Record<string, unknown> = {},
): CustomEvent {
  return customEventSchema.parse({ type, data, ...changed });
}

export function eventInput(changed: Record<string, unknown> = {}): Record<string, unknown> {
  return { type: 'scorecard.changed', scorecard_id: 'card-1', domain: 'example.com', ...changed };
}

export function eventWith(changed: Record<string, unknown> = {}): ScorecardEvent {
  return scorecardEventSchema.parse(eventInput(changed));
}

/** An event whose score moved. */
export function moved(previous: number, current: number): ScorecardEvent {
  return eventWith({ previous: { score: previous }, current: { score: current } });
}

/** An event whose factors moved. */
export function factorsMoved(
  previous: Record<string, number>,
  current: Record<string, number>,
): ScorecardEvent {
  return eventWith({ previous: { factors: previous }, current: { factors: current } });
}

/** Groups in which example.com is my scorecard, and nothing else is said. */
export function groupsWith(changed: Partial<ScorecardGroups> = {}): ScorecardGroups {
  return {
    mine: new Set(['example.com', 'example.org']),
    followed: new Set(),
    portfolios: new Map(),
    issueTypes: new Map(),
    ...changed,
  };
}

/** What is wrong with an input, a line for each problem; empty when it is valid. */
export function problemLines(schema: z.ZodType, input: unknown): string[] {
  const parsed = schema.safeParse(input);
  return parsed.success ? [] : problemsOf(parsed.error).map(problemLine);
}
