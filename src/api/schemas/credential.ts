import { z } from 'zod';
import { idParam, sameId } from './ids';
import { jsonSchemaOf } from './json-schema-of';
import { ignored, ignoredStamps, stamps, stampsOf } from './stamps';
import { invalid } from '../problem';
import type { CalledUrl } from '../../destinations/uncallable';
import { credentialSchema, SECRET_FIELDS, type CredentialDocument } from '../../destinations/credential';
import { problemsOf } from '../../rules/problems';
import { keyMaterialProblems } from '../../secrets/key-material';
import type { JsonObject } from '../../shared/json';
import type { StoredCredential } from '../../store/destination-store';

type Shapes = readonly [z.ZodObject, ...z.ZodObject[]];

/** Each kind of credential, changed in the same way. */
function eachKind(change: (shape: z.ZodObject) => z.ZodObject) {
  return z.discriminatedUnion('kind', credentialSchema.options.map(change) as unknown as Shapes);
}

function secretFieldsOf({ shape }: z.ZodObject): string[] {
  return SECRET_FIELDS.filter((field) => Object.hasOwn(shape, field));
}

/** A credential as people write it: secrets may be left out, or taken away by null. */
export const credentialBody = eachKind((shape) =>
  shape.extend({
    ...Object.fromEntries(
      secretFieldsOf(shape).map((field) => [
        field,
        (shape.shape[field] as z.ZodType).nullish().meta({ writeOnly: true }),
      ]),
    ),
    id: idParam.optional(),
    secret_fields: ignored(),
    ...ignoredStamps,
  }),
).meta({
  id: 'CredentialDocument',
  description: 'How calls are authenticated. What an answer has besides may stay in, and has no effect.',
});

/** What an answer has besides the credential is not part of it. */
const NOT_WRITTEN = ['id', 'secret_fields', ...Object.keys(ignoredStamps)];

const shown = eachKind((shape) =>
  shape
    .omit(Object.fromEntries(secretFieldsOf(shape).map((field) => [field, true])) as Record<string, true>)
    .extend({
      id: z.string(),
      secret_fields: z.array(z.enum(SECRET_FIELDS)).meta({ description: 'The secrets that it has.' }),
      ...stamps,
    }),
);

/** A credential in an answer. By its JSON Schema, because what people write is transformed, and an answer is not. */
export const credential = z.unknown().meta({
  ...jsonSchemaOf(shown),
  id: 'Credential',
  description: 'How calls are authenticated, without its secrets.',
});

export function credentialAnswer({ id, document, secretFields, ...stamped }: StoredCredential) {
  return { id, ...document, secret_fields: secretFields, ...stampsOf(stamped) };
}

/** The credential within a body. @param id that of the address @throws RequestProblem 422 */
export function writtenCredentialOf(body: z.output<typeof credentialBody>, id: string): JsonObject {
  sameId(id, body['id'] as string | undefined);
  // What a schema has accepted is JSON.
  return Object.fromEntries(Object.entries(body).filter(([key]) => !NOT_WRITTEN.includes(key))) as JsonObject;
}

/** The URLs of a credential that are called. */
export function urlsOf({ origins, token_url }: JsonObject): CalledUrl[] {
  const ofOrigins = (origins as string[]).map((origin, index) => ({
    path: `origins[${index}]`,
    url: `${origin}/`,
  }));
  return typeof token_url === 'string' ? [...ofOrigins, { path: 'token_url', url: token_url }] : ofOrigins;
}

/** @throws RequestProblem 422 with each bad field */
export function completeCredential(whole: JsonObject): CredentialDocument {
  const parsed = credentialSchema.safeParse(whole);
  const found = parsed.success ? keyMaterialProblems(parsed.data) : problemsOf(parsed.error);
  if (!parsed.success || found.length > 0) throw invalid('The credential', found);
  return parsed.data;
}
