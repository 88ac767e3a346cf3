import { z } from 'zod';
import { sameId } from './ids';
import { jsonSchemaOf } from './json-schema-of';
import { ignored as ignoredField, ignoredStamps, stamps, stampsOf } from './stamps';
import { invalid } from '../problem';
import { problemsOf } from '../../rules/problems';
import { ruleSchema } from '../../rules/rule';
import { nextRuns } from '../../rules/schedule';
import type { JsonObject } from '../../shared/json';
import type { Stamped } from '../../store/record';
import type { StoredRule } from '../../store/rule-store';

const written = jsonSchemaOf(ruleSchema);
const { properties, required } = written;

/** What an answer has besides the rule. */
const ignored = { ...ignoredStamps, next_run_at: ignoredField() };

const writtenWithStamps = {
  ...written,
  description: 'A rule. What an answer has besides (`version` …) may stay in, and has no effect.',
  properties: { ...properties, ...jsonSchemaOf(z.object(ignored)).properties },
};

/** A rule as people write it. Held to `ruleSchema` by `ruleDocumentOf`, since its text is what is kept, not what it means. */
export const ruleBody = z.record(z.string(), z.unknown()).meta({ ...writtenWithStamps, id: 'RuleDocument' });

/** How other schemas of bodies refer to it. */
export const RULE_BODY_REFERENCE = { $ref: '#/components/schemas/RuleDocumentInput' };

/** The same where the address has the id already. */
export const ruleReplacement = z.record(z.string(), z.unknown()).meta({
  ...writtenWithStamps,
  id: 'RuleReplacement',
  required: required?.filter((name) => name !== 'id'),
});

const answered = jsonSchemaOf(
  z.object({
    ...stamps,
    next_run_at: z.iso
      .datetime()
      .nullable()
      .optional()
      .meta({ description: 'When its schedule is due next. Null: it is paused. Absent: it has none.' }),
  }),
);

/** A rule in an answer: as it was written, and what is known of it besides. */
export const rule = z.record(z.string(), z.unknown()).meta({
  ...written,
  id: 'Rule',
  description: 'A rule, and who changed it last.',
  properties: { ...properties, ...answered.properties },
  required: [...(required ?? []), ...(answered.required ?? [])],
});

/** As a version of it was. */
export const ruleVersion = z
  .object({
    version: z.int().min(1),
    action: z.enum(['created', 'updated', 'deleted']),
    document: z.record(z.string(), z.unknown()).meta({ description: 'The rule as it was written.' }),
    changed_at: z.iso.datetime(),
    changed_by: z.string(),
  })
  .meta({ id: 'RuleVersion' });

export function ruleAnswer({
  document,
  rule: parsed,
  ...stamped
}: Pick<StoredRule, 'document' | 'rule'> & Stamped) {
  const { schedule, paused_at: pausedAt } = parsed;
  const [next] = schedule === undefined || pausedAt != null ? [] : nextRuns(schedule, 1, new Date());
  return {
    ...document,
    ...stampsOf(stamped),
    ...(schedule !== undefined && { next_run_at: next?.toISOString() ?? null }),
  };
}

/**
 * The document within a body, as it will be kept.
 *
 * @param id that of the address, where it stands there: the body need not repeat it
 * @throws RequestProblem 422 with each bad field
 */
export function ruleDocumentOf(body: z.output<typeof ruleBody>, id?: string): JsonObject {
  const document = { ...(id !== undefined && { id }), ...withoutStamps(body) };
  const parsed = ruleSchema.safeParse(document);
  if (!parsed.success) throw invalid('The rule', problemsOf(parsed.error));
  if (id !== undefined) sameId(id, parsed.data.id);
  // What a schema has accepted is JSON.
  return document;
}

/** What an answer has besides the rule is not part of it. */
export function withoutStamps(rule: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(rule).filter(([key]) => !Object.hasOwn(ignored, key)));
}
