import { parse } from 'yaml';
import type { ApiApp } from './app';
import { RequestProblem } from './problem';

/** Uses of aliases in one document: generous for people, far from a "billion laughs". */
const MAX_ALIASES = 50;

export const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml'];

/** JSON alone is read, unless a route says more. An empty body is none, whatever its type says. */
export function readJsonOnly(app: ApiApp): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.trim() === '') done(null, undefined);
    else void parseJson(request, body, done);
  });
}

/** YAML is read too, by the routes of this scope. */
export function readYaml(app: ApiApp): void {
  app.addContentTypeParser<string>(
    YAML_TYPES,
    { parseAs: 'string' },
    async (_request: unknown, body: string) => parseYaml(body),
  );
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, (key, value: unknown) => refusePoison(key, value), {
      maxAliasCount: MAX_ALIASES,
      logLevel: 'error',
    });
  } catch (error) {
    // The first line says what and where; a picture of the place follows.
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new RequestProblem('malformed', `The body is no YAML: ${message.replace(/:$/, '')}`);
  }
}

/** As for JSON: a key that changes what an object is, is no key that anyone means. */
function refusePoison(key: unknown, value: unknown): unknown {
  const isPoison =
    key === '__proto__' ||
    (key === 'constructor' && typeof value === 'object' && value !== null && 'prototype' in value);
  if (isPoison) throw new Error(`the key "${key}" is refused`);
  return value;
}
