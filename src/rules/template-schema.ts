import { jsonValue } from './json-value';
import { parseTemplate } from './template-engine';
import { utf8Length } from '../shared/display';
import type { Json } from '../shared/json';
import { MAX_TEMPLATE_BYTES, MAX_TEMPLATE_DEPTH, MAX_TEMPLATE_LEAVES } from '../shared/limits';

interface Leaf {
  path: (string | number)[];
  value: Json;
}

/** A step's body, exactly as it was written: any JSON value whose texts may hold `{{ … }}`. */
export const bodyTemplateSchema = jsonValue(MAX_TEMPLATE_DEPTH)
  .superRefine((template, context) => {
    const refuse = (path: Leaf['path'], message: string) => {
      context.addIssue({ code: 'custom', path, message });
    };
    if (utf8Length(JSON.stringify(template)) > MAX_TEMPLATE_BYTES) {
      refuse([], `must not be larger than ${MAX_TEMPLATE_BYTES} bytes`);
      return;
    }
    const leaves = [...leavesOf(template, [])];
    if (leaves.length > MAX_TEMPLATE_LEAVES) {
      refuse([], `must not have more than ${MAX_TEMPLATE_LEAVES} values`);
      return;
    }
    for (const { path, value } of leaves) {
      const reason = typeof value === 'string' ? whyUnusable(value) : undefined;
      if (reason !== undefined) refuse(path, reason);
    }
  })
  .meta({
    description: 'Any JSON value; texts in it may hold {{ … }} in the Liquid language, without tags.',
  });

function* leavesOf(value: Json, path: Leaf['path']): Generator<Leaf> {
  if (typeof value !== 'object' || value === null) {
    yield { path, value };
    return;
  }
  const entries: [string | number, Json][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  for (const [key, each] of entries) yield* leavesOf(each, [...path, key]);
}

function whyUnusable(text: string): string | undefined {
  try {
    parseTemplate(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
