import type { Client } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { decode, encode } from '@temporalio/common/lib/internal-non-workflow';
import { z } from 'zod';
import type { ApiApp } from '../app';
import { invalid, RequestProblem } from '../problem';
import { jsonOf, payloadFrom, payloadsSchema } from '../schemas/payload';
import type { ApiDependencies } from '../server';
import { MAX_CODEC_ANSWER_BYTES, MAX_CODEC_BODY_BYTES } from '../../shared/limits';
import { PayloadUnreadableError } from '../../shared/payload-unreadable';

type Payloads = z.output<typeof payloadsSchema>;

/** Temporal's UI says things here that are about other codecs. */
const anyQuery = z.looseObject({});

/** Below which the routes are. */
export const CODEC_PATH = '/temporal/codec/';

/** Temporal's remote codec: its UI and its command line send payloads here, so that people see what is in them. */
export function payloadCodecRoutes(app: ApiApp, { client }: ApiDependencies): void {
  const operation = (name: string) => ({
    operationId: name,
    tags: ['Temporal'],
    querystring: anyQuery,
    body: payloadsSchema,
    response: { 200: payloadsSchema },
  });

  app.post(
    `${CODEC_PATH}decode`,
    {
      config: { access: 'decode' },
      bodyLimit: MAX_CODEC_BODY_BYTES,
      schema: {
        ...operation('decodePayloads'),
        summary: 'Decode payloads',
        description:
          'For Temporal’s UI and command line (`--codec-endpoint …/temporal/codec`). Of every workspace: Temporal knows none. ' +
          'The UI cannot send a key; it is given `…/temporal/codec/{key}` as its endpoint, with a key of the role decoder.',
      },
    },
    async ({ body }) => recoded(decode, client, body),
  );

  app.post(
    `${CODEC_PATH}:key/decode`,
    {
      config: { access: 'decode-only', keyInAddress: true },
      bodyLimit: MAX_CODEC_BODY_BYTES,
      schema: { body: payloadsSchema, response: { 200: payloadsSchema }, hide: true },
    },
    async ({ body }) => recoded(decode, client, body),
  );

  app.post(
    `${CODEC_PATH}encode`,
    {
      config: { access: 'encode' },
      bodyLimit: MAX_CODEC_BODY_BYTES,
      schema: { ...operation('encodePayloads'), summary: 'Encode payloads' },
    },
    async ({ body }) => recoded(encode, client, body),
  );
}

/**
 * @param recode the SDK's way through a data converter's codecs, there or back
 * @throws RequestProblem 422 that says which payload cannot be decoded and why, 413 when they come to too much
 */
async function recoded(
  recode: (codecs: PayloadCodec[], payloads: Payload[]) => Promise<Payload[]>,
  { options }: Client,
  { payloads }: Payloads,
): Promise<z.input<typeof payloadsSchema>> {
  const done: Payload[] = [];
  let bytes = 0;
  // One after the other: each may unpack to megabytes.
  for (const [index, json] of payloads.entries()) {
    const [payload] = await recode(options.loadedDataConverter.payloadCodecs, [payloadFrom(json)]).catch(
      (error: unknown) => {
        if (!(error instanceof PayloadUnreadableError)) throw error;
        throw invalid('The body', [{ path: `payloads[${index}]`, message: error.message }]);
      },
    );
    if (payload === undefined) continue;
    bytes += payload.data?.length ?? 0;
    if (bytes > MAX_CODEC_ANSWER_BYTES) {
      throw new RequestProblem('too-large', 'The payloads come to more than is answered at once.');
    }
    done.push(payload);
  }
  return { payloads: done.map(jsonOf) };
}
