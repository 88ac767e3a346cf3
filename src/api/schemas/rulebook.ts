import { z } from 'zod';
import { jsonSchemaOf } from './json-schema-of';
import { RULE_BODY_REFERENCE, withoutStamps } from './rule';
import { isObject } from '../../rules/json-value';
import {
  rulebookSchema,
  validateRulebookDocument,
  type RulebookDocument,
} from '../../rules/rulebook-document';

const { properties, ...written } = jsonSchemaOf(rulebookSchema);

/** A rulebook as people write it. Held to its schema by `rulebookDocumentOf`, since its text is what is kept. */
export const rulebookBody = z.unknown().meta({
  ...written,
  properties: { ...properties, rules: { type: 'array', items: RULE_BODY_REFERENCE } },
  id: 'Rulebook',
  description: 'Rules and the groups that they are about.',
});

/** @throws RulebookError with each bad field */
export function rulebookDocumentOf(body: unknown): RulebookDocument {
  const { document } = validateRulebookDocument(withoutStampsOfRules(body));
  return document;
}

/** Rules may be as an answer had them. */
function withoutStampsOfRules(body: unknown): unknown {
  if (!isObject(body) || !Array.isArray(body['rules'])) return body;
  const rules = (body['rules'] as unknown[]).map((rule) => (isObject(rule) ? withoutStamps(rule) : rule));
  return { ...body, rules };
}
