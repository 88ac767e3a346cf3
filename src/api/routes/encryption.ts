import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf } from '../auth';
import type { ApiDependencies } from '../server';

const rotated = z
  .object({
    key: z.string().meta({ description: 'The id of the key that seals now.' }),
    resealed: z.int().meta({ description: 'How many secrets were sealed anew.' }),
    retired: z
      .array(z.string())
      .meta({ description: 'Ids of keys that nothing is sealed with any more: they may be forgotten.' }),
  })
  .meta({ id: 'EncryptionRotation', description: 'What a rotation of the encryption key did.' });

export function encryptionRoutes(app: ApiApp, { store: { sealed } }: ApiDependencies): void {
  app.post(
    '/v1/encryption/rotate',
    {
      config: { access: 'operate' },
      schema: {
        operationId: 'rotateEncryptionKey',
        tags: ['Encryption'],
        summary: 'Seal all secrets of the installation anew',
        description:
          'With a new key when keys are kept in the data folder, with the first of ENCRYPTION_KEY otherwise.',
        response: { 200: rotated },
      },
    },
    async (request) => sealed.rotate(changeOf(request)),
  );
}
