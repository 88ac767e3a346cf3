import { ruleSchema, type Rule } from '../rules/rule';
import { problemLine, problemsOf } from '../rules/problems';
import type { JsonObject } from '../shared/json';

/** Documents whose parsed form is kept. Together with the next limit: at most some tens of megabytes. */
const MAX_KEPT = 1_000;

/** Longer documents are parsed each time. Characters. */
const MAX_KEPT_LENGTH = 16_384;

/**
 * By the document's text, so it is never out of date. Each webhook attempt reads its rule, most of them one of few, and
 * parsing takes several times as long as reading.
 */
const kept = new Map<string, ParsedDocument>();

export interface ParsedDocument {
  document: JsonObject;
  rule: Rule;
}

/**
 * A document as it is stored, in the form in which the program uses it. What it answers is shared: never change it.
 *
 * @throws Error when this program does not accept the document, which another version of it stored
 */
export function parseDocument(text: string): ParsedDocument {
  const parsed = kept.get(text) ?? parseOnce(text);
  if (text.length <= MAX_KEPT_LENGTH) keep(text, parsed);
  return parsed;
}

/** The same without keeping it: for many rules, each read once. @throws Error */
export function parseOnce(text: string): ParsedDocument {
  const document = JSON.parse(text) as JsonObject;
  const rule = ruleSchema.safeParse(document);
  if (rule.success) return { document, rule: rule.data };
  throw new Error(`the rule's document is not valid: ${problemsOf(rule.error).map(problemLine).join('; ')}`);
}

/** The least recently used one goes. */
function keep(text: string, parsed: ParsedDocument): void {
  kept.delete(text);
  kept.set(text, parsed);
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
}

/** What a rule's document names: checked when it is stored, and looked up when that is to be deleted. */
export interface RuleReferences {
  portfolioId: string | null;
  /** Of the owner. */
  memberId: string | null;
  /** Who is told besides. */
  notices: { kind: 'channel' | 'member'; target: string; path: string }[];
}

/** Read without the schema's help: a rule may have no filters, and an owner of either kind. */
export function referencesOf(document: unknown): RuleReferences {
  return {
    portfolioId: textAt(document, 'filters', 'scorecards', 'portfolio_id'),
    memberId: textAt(document, 'owner', 'member'),
    notices: noticesOf(document),
  };
}

function noticesOf(document: unknown): RuleReferences['notices'] {
  const members = listAt(document, 'notify', 'recipients').map((recipient) => textAt(recipient, 'member'));
  const channels = listAt(document, 'notify', 'channels');
  return [
    ...members.flatMap((target, index) =>
      target === null
        ? []
        : [{ kind: 'member' as const, target, path: `notify.recipients[${index}].member` }],
    ),
    ...channels.flatMap((target, index) =>
      typeof target === 'string'
        ? [{ kind: 'channel' as const, target, path: `notify.channels[${index}]` }]
        : [],
    ),
  ];
}

/** The text at a path; null when there is none. Trimmed, as the schema does. */
export function textAt(value: unknown, ...path: string[]): string | null {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found.trim() : null;
}

function listAt(value: unknown, ...path: string[]): unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (Reflect.get(at, key) as unknown) : undefined),
    value,
  );
}
