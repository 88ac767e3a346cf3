import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf, workspaceOf } from '../auth';
import { invalid, problems } from '../problem';
import { signingAlgorithm, signingKey, signingKeyAnswer } from '../schemas/destination';
import { idParam } from '../schemas/ids';
import { byOrigin, locationOfDestination } from '../schemas/origin';
import type { ApiDependencies } from '../server';
import type { SigningAlgorithm, SigningKey } from '../../destinations/signing-key';
import { makeSigningKey, makeSigningKeyId, parseSigningSecret } from '../../secrets/signing-key';
import {
  DEFAULT_KEY_OVERLAP_HOURS,
  MAX_KEY_OVERLAP_HOURS,
  MAX_NAME_LENGTH,
  MAX_SIGNING_KEYS,
} from '../../shared/limits';

const HOUR_MS = 3_600_000;

const createdSigningKey = signingKey
  .extend({
    secret: z
      .string()
      .nullable()
      .meta({
        description:
          '`whsec_…`, of `v1`: shown here, and never again. Null when it was sent, and of `v1a`, whose receivers need ' +
          'only the public key.',
      }),
  })
  .meta({ id: 'CreatedSigningKey', description: 'A new signing key.' });

const newSigningKey = z.strictObject({
  algorithm: signingAlgorithm.optional().meta({
    description: 'Absent: that of the key before it, or of `secret`; `v1` for the first one.',
  }),
  secret: z
    .string()
    .max(MAX_NAME_LENGTH)
    .optional()
    .meta({ description: 'Your own: `whsec_…` or `whsk_…`. Absent: one is made.' }),
  overlap_hours: z
    .number()
    .min(0)
    .max(MAX_KEY_OVERLAP_HOURS)
    .default(DEFAULT_KEY_OVERLAP_HOURS)
    .meta({ description: 'How long the keys before it go on signing beside it. 0: not at all.' }),
});

export function signingKeyRoutes(app: ApiApp, { store: { destinations } }: ApiDependencies): void {
  app.post(
    '/v1/destinations/:origin/signing-keys',
    {
      config: { access: 'administer' },
      schema: {
        operationId: 'rotateSigningKey',
        tags: ['Destinations'],
        summary: 'Put a new signing key in force',
        description:
          'Calls are signed by it from then on, and by those before it until the overlap is over. A key that was never ' +
          `shown to anybody ends at once. ${MAX_SIGNING_KEYS} of them may sign at once (409).`,
        params: byOrigin,
        body: newSigningKey.nullish(),
        response: { 201: createdSigningKey, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { origin } = request.params;
      const { algorithm, secret, overlap_hours } = request.body ?? newSigningKey.parse({});
      const key =
        secret === undefined
          ? makeSigningKey(algorithm ?? (await algorithmNow(workspaceOf(request), origin)))
          : ownKey(secret, algorithm);
      const rotated = await destinations.rotateSigningKey(
        changeOf(request),
        origin,
        key,
        overlap_hours * HOUR_MS,
      );
      const view = rotated.signingKeys.find(({ id }) => id === key.id);
      if (view === undefined) throw new Error(`the signing key ${key.id} was put in force and is not there`);
      const isShown = secret === undefined && key.algorithm === 'v1';
      return reply
        .code(201)
        .headers({ location: locationOfDestination(origin), 'cache-control': 'no-store' })
        .send({ ...signingKeyAnswer(view), secret: isShown ? key.secret : null });
    },
  );

  app.delete(
    '/v1/destinations/:origin/signing-keys/:id',
    {
      config: { access: 'administer' },
      schema: {
        operationId: 'revokeSigningKey',
        tags: ['Destinations'],
        summary: 'Revoke a signing key',
        description:
          'It signs nothing from then on. Not the newest one (409): put a new one in force without overlap instead.',
        params: byOrigin.extend({ id: idParam }),
        response: { 204: z.null(), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { origin, id } = request.params;
      await destinations.revokeSigningKey(changeOf(request), origin, id);
      return reply.code(204).send(null);
    },
  );

  async function algorithmNow(workspace: string, origin: string): Promise<SigningAlgorithm> {
    const found = await destinations.get(workspace, origin);
    return found?.signingKeys[0]?.algorithm ?? 'v1';
  }
}

/** @throws RequestProblem 422 */
function ownKey(text: string, wanted: SigningAlgorithm | undefined): SigningKey {
  const { algorithm, secret } = parsed(text);
  if (wanted !== undefined && wanted !== algorithm) {
    throw invalid('The body', [{ path: 'algorithm', message: `must be ${algorithm}, as the secret is` }]);
  }
  return { id: makeSigningKeyId(), algorithm, secret };
}

/** @throws RequestProblem 422 */
function parsed(text: string): ReturnType<typeof parseSigningSecret> {
  try {
    return parseSigningSecret(text);
  } catch (error) {
    throw invalid('The body', [{ path: 'secret', message: (error as Error).message }]);
  }
}
