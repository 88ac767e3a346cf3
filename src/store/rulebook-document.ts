import { readFile, stat } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { RulebookError, cannotBeRead } from './rulebook-error';
import { problemsOf } from '../rules/problems';
import { ruleSchema } from '../rules/rule';
import { SEVERITIES } from '../rules/scale';
import { lineOfText } from '../rules/text';
import { MAX_NAME_LENGTH, MAX_SCORECARD_LENGTH } from '../shared/limits';

/** Bytes: thousands of rules. Larger is a wrong file. */
const MAX_DOCUMENT_BYTES = 1_048_576;

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

const documentSchema = z.strictObject({
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

export type RulebookDocument = z.output<typeof documentSchema>;

export interface ReadDocument {
  file: string;
  /** As it was written, for `addDocument`. */
  source: unknown;
  document: RulebookDocument;
  /** The file is one rule and no more, so paths in it begin at the rule. */
  isBareRule: boolean;
}

/**
 * Reads and validates one YAML or JSON file: a rulebook document (`rules`, `scorecards`, `portfolios`, `issue_types`) or
 * one bare rule, which counts as a document with that rule alone. Whether its portfolios exist is not looked at: they may
 * stand in another file. At most 1 MB.
 *
 * @throws RulebookError with every problem that the file has.
 */
export async function readRulebookDocument(file: string): Promise<ReadDocument> {
  return validateDocument(file, parseText(file, await readText(file)));
}

/** Validates what a file holds, or would hold. @throws RulebookError */
export function validateDocument(file: string, source: unknown): ReadDocument {
  const isBareRule =
    typeof source === 'object' &&
    source !== null &&
    !('rules' in source) &&
    ('steps' in source || 'filters' in source);
  if (isBareRule) {
    const rule = ruleSchema.safeParse(source);
    if (!rule.success)
      throw new RulebookError(problemsOf(rule.error).map((problem) => ({ file, ...problem })));
    const document = { ...documentSchema.parse({ rules: [] }), rules: [rule.data] };
    return { file, source, document, isBareRule };
  }
  const document = documentSchema.safeParse(source);
  if (!document.success)
    throw new RulebookError(problemsOf(document.error).map((problem) => ({ file, ...problem })));
  return { file, source, document: document.data, isBareRule };
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size <= MAX_DOCUMENT_BYTES) return await readFile(file, 'utf8');
  } catch (error) {
    throw cannotBeRead(file, error as NodeJS.ErrnoException);
  }
  throw new RulebookError([{ file, path: '', message: 'is larger than 1 MB' }]);
}

function parseText(file: string, text: string): unknown {
  try {
    // JSON is YAML too. Warnings (unknown tags) would otherwise go to the process' standard error.
    return parse(text, { maxAliasCount: MAX_ALIASES, logLevel: 'error' });
  } catch (error) {
    // The first line says what and where; a picture of the place follows.
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new RulebookError([{ file, path: '', message: `is no YAML: ${message.replace(/:$/, '')}` }]);
  }
}
