import { z } from 'zod';
import { callStatistics } from './call-statistics';
import { ignored, ignoredStamps, stampsOf } from './stamps';
import { originSchema } from '../../destinations/origin';
import { destinationSettingsSchema } from '../../destinations/settings';
import { SIGNING_ALGORITHMS, type SigningKeyView } from '../../destinations/signing-key';
import type { Destination } from '../../store/destination-store';

export const signingAlgorithm = z.enum(SIGNING_ALGORITHMS).meta({
  description: '`v1`: HMAC-SHA256 with a shared secret; `v1a`: ed25519, receivers have the public key alone.',
});

export const signingKey = z
  .object({
    id: z.string(),
    algorithm: signingAlgorithm,
    public_key: z.string().nullable().meta({ description: '`whpk_…`, of `v1a` alone.' }),
    created_at: z.iso.datetime(),
    shown: z
      .boolean()
      .meta({ description: 'False: the first call made it, and nobody was told its secret.' }),
    signs_until: z.iso.datetime().nullable().meta({ description: 'Null: it is the newest.' }),
  })
  .meta({ id: 'SigningKey', description: 'A key that signs calls, without its secret.' });

const limits = z.object({
  max_concurrent: z.int().nullable().meta({ description: 'Null: DESTINATION_MAX_CONCURRENT.' }),
  requests_per_second: z.number().nullable().meta({ description: 'Null: no limit.' }),
  burst: z.int().nullable().meta({ description: 'Null: as many as in one second.' }),
});

const health = z.object({
  failing_since: z.iso.datetime().nullable().meta({ description: 'Null: the last call went well.' }),
  consecutive_failures: z.int(),
  last_error: z.string().nullable(),
  last_failure_at: z.iso.datetime().nullable(),
  last_recovery_at: z.iso.datetime().nullable(),
  disabled: z
    .object({ at: z.iso.datetime(), by: z.string(), reason: z.string() })
    .nullable()
    .meta({ description: 'Since when nothing is called there, and why; null: it is called.' }),
  circuit_open_until: z.iso
    .datetime()
    .nullable()
    .meta({ description: 'Until when calls wait for it to be back; null: they do not.' }),
});

export const destination = z
  .object({
    origin: z.string(),
    auth: z.string().nullable().meta({ description: 'The credential that calls carry.' }),
    tls: z.string().nullable().meta({ description: 'The credential that calls connect with.' }),
    limits,
    signing_keys: z
      .array(signingKey)
      .meta({ description: 'Those that sign, newest first. None before the first call or rotation.' }),
    health,
    version: z.int().min(0).meta({ description: '0: nothing was ever set for it.' }),
    created_at: z.iso.datetime().nullable(),
    updated_at: z.iso.datetime().nullable(),
    updated_by: z.string().nullable(),
  })
  .meta({ id: 'Destination', description: 'An origin that webhooks are called at, and how they are.' });

/** With how calls to it went in the last 24 hours. */
export const calledDestination = destination
  .extend({ calls: callStatistics })
  .meta({ id: 'CalledDestination', description: 'A destination, and how calls to it went of late.' });

/** What is absent is as on the first day: no credentials, and the installation's limits. */
export const destinationBody = destinationSettingsSchema.extend({
  origin: originSchema.optional(),
  signing_keys: ignored(),
  health: ignored(),
  calls: ignored(),
  ...ignoredStamps,
});

export function destinationAnswer(found: Destination): z.input<typeof destination> {
  const { origin, settings, signingKeys, health } = found;
  return {
    origin,
    ...settings,
    signing_keys: signingKeys.map(signingKeyAnswer),
    health: {
      failing_since: health.failingSince,
      consecutive_failures: health.consecutiveFailures,
      last_error: health.lastError,
      last_failure_at: health.lastFailureAt,
      last_recovery_at: health.lastRecoveryAt,
      disabled: health.disabled,
      circuit_open_until: health.openUntil,
    },
    ...(found.version === 0
      ? { version: 0, created_at: null, updated_at: null, updated_by: null }
      : stampsOf(found)),
  };
}

export function signingKeyAnswer(key: SigningKeyView): z.input<typeof signingKey> {
  return {
    id: key.id,
    algorithm: key.algorithm,
    public_key: key.publicKey,
    created_at: key.createdAt,
    shown: key.isShown,
    signs_until: key.signsUntil,
  };
}
