import type { UrlCheck } from './url-check';
import { isObject } from '../rules/json-value';
import { pathOf, type Problem } from '../rules/problems';
import type { JsonObject } from '../shared/json';

/** A URL of a document, and where it stands there. */
export interface CalledUrl {
  path: string;
  url: string;
}

/**
 * What is wrong with the URLs of rules, each with its path, e.g. `rules[2].steps[0].url`. Never throws.
 *
 * @param documents rules as they were written, which `ruleSchema` has accepted, and where each stands
 */
export async function uncallableSteps(
  urlCheck: UrlCheck,
  documents: readonly { at: readonly PropertyKey[]; document: JsonObject }[],
): Promise<Problem[]> {
  const urls = documents.flatMap(({ at, document }) =>
    stepsOf(document).flatMap((step, index) =>
      isObject(step) && typeof step['url'] === 'string'
        ? [{ url: step['url'], path: pathOf([...at, 'steps', index, 'url']) }]
        : [],
    ),
  );
  return uncallableUrls(urlCheck, urls);
}

/** What is wrong with URLs. Never throws. */
export async function uncallableUrls(urlCheck: UrlCheck, called: readonly CalledUrl[]): Promise<Problem[]> {
  const refusals = await urlCheck.refusals(called.map(({ url }) => url));
  return called.flatMap(({ path }, index) => {
    const message = refusals[index];
    return message === undefined ? [] : [{ path, message }];
  });
}

function stepsOf({ steps }: JsonObject): readonly unknown[] {
  return Array.isArray(steps) ? steps : [];
}
