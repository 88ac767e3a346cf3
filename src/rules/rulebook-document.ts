import { parse } from 'yaml';
import { z } from 'zod';
import { isObject } from './json-value';
import { RulebookError } from './rulebook-error';
import { problemsOf } from './problems';
import { ruleSchema } from './rule';
import { SEVERITIES } from './scale';
import { lineOfText } from './text';
import { utf8Length } from '../shared/display';
import type { JsonObject } from '../shared/json';
import { MAX_NAME_LENGTH, MAX_SCORECARD_LENGTH } from '../shared/limits';

/** Bytes: thousands of rules. Larger is a wrong file. */
export const MAX_DOCUMENT_BYTES = 1_048_576;

/** Uses of aliases in one document: generous for people, far from a "billion laughs" (yaml's own limit is 100). */
const MAX_ALIASES = 50;

/** Domains or scorecard ids. */
const scorecards = z.array(lineOfText(MAX_SCORECARD_LENGTH)).default([]);

/** Refuses a second entry with the id of an earlier one. */
function uniqueIds(context: z.core.ParsePayload<{ id: string }[]>): void {
  const seen = new Set<string>();
  context.value.forEach(({ id }, index) => {
    if (seen.has(id)) {
      context.issues.push({
        code: 'custom',
        input: id,
        path: [index, 'id'],
        message: `"${id}" is the id of an earlier one`,
      });
    }
    seen.add(id);
  });
}

/** A document as people write it, and what it means. */
export const rulebookSchema = z.strictObject({
  rules: z.array(ruleSchema).check(uniqueIds),
  scorecards: z.strictObject({ mine: scorecards, followed: scorecards }).prefault({}),
  portfolios: z
    .array(
      z.strictObject({
        id: lineOfText(MAX_NAME_LENGTH),
        name: lineOfText(MAX_NAME_LENGTH).optional(),
        scorecards,
      }),
    )
    .check(uniqueIds)
    .default([]),
  /** The severity of issue types whose events do not say it. */
  issue_types: z.record(lineOfText(MAX_NAME_LENGTH), z.enum(SEVERITIES)).default({}),
});

export type RulebookDocument = z.output<typeof rulebookSchema> & {
  /** Each of `rules`, in their order, as it was written: valid input, which the parsed ones are not. */
  sources: JsonObject[];
};

export interface ParsedDocument {
  /** The whole document as it was written. */
  source: JsonObject;
  document: RulebookDocument;
}

/**
 * Parses and validates the text of one YAML or JSON document: `rules`, `scorecards`, `portfolios` and `issue_types`, or
 * one bare rule, which counts as a document with that rule alone. Whether its portfolios and members exist is not looked
 * at. At most MAX_DOCUMENT_BYTES.
 *
 * @param file how the text is named in messages
 * @throws RulebookError with every problem that the document has
 */
export function parseRulebookDocument(text: string, file?: string): ParsedDocument {
  if (utf8Length(text) > MAX_DOCUMENT_BYTES) {
    throw new RulebookError([{ file, path: '', message: 'is larger than 1 MB' }]);
  }
  return validateRulebookDocument(parseText(text, file), file);
}

/** The same for what a text has been parsed to. @throws RulebookError */
export function validateRulebookDocument(source: unknown, file?: string): ParsedDocument {
  const isBareRule =
    isObject(source) &&
    !('rules' in source) &&
    ['steps', 'filters', 'event', 'schedule'].some((key) => key in source);
  const parsed = isBareRule
    ? ruleSchema
        .transform((rule) => ({ ...rulebookSchema.parse({ rules: [] }), rules: [rule] }))
        .safeParse(source)
    : rulebookSchema.safeParse(source);
  if (!parsed.success) {
    throw new RulebookError(problemsOf(parsed.error).map((problem) => ({ file, ...problem })));
  }
  // What a schema has accepted is JSON.
  const written = source as JsonObject;
  const sources = isBareRule ? [written] : (written['rules'] as JsonObject[]);
  return { source: written, document: { ...parsed.data, sources } };
}

function parseText(text: string, file: string | undefined): unknown {
  try {
    // JSON is YAML too. Warnings (unknown tags) would otherwise go to the process' standard error.
    return parse(text, { maxAliasCount: MAX_ALIASES, logLevel: 'error' });
  } catch (error) {
    // The first line says what and where; a picture of the place follows.
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new RulebookError([{ file, path: '', message: `is no YAML: ${message.replace(/:$/, '')}` }]);
  }
}
