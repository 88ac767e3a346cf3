import { z } from 'zod';
import { idParam } from './ids';
import { ignored, ignoredStamps, stamps, stampsOf } from './stamps';
import { CHANNEL_KINDS } from '../../destinations/channel';
import { lineOfText } from '../../rules/text';
import { webhookUrlSchema } from '../../rules/webhook-url';
import { MAX_NAME_LENGTH } from '../../shared/limits';
import type { StoredChannel } from '../../store/channel-store';

const kind = z.enum(CHANNEL_KINDS).meta({
  description:
    '`slack`: an incoming webhook. `teams`: a webhook of the Workflows app. `webhook`: an endpoint of your own, called as ' +
    'Standard Webhooks has it.',
});

const shown = {
  id: z.string(),
  kind,
  name: z.string().nullable(),
  origin: z.string().meta({ description: 'Of its URL, which is never shown.' }),
  ...stamps,
};

export const channel = z
  .object(shown)
  .meta({ id: 'Channel', description: 'Where notices go besides e-mail.' });

/** The answer to a PUT. */
export const putChannel = z
  .object({
    ...shown,
    signing_secret: z.string().nullable().meta({
      description:
        '`whsec_…`, when this made one: of a new channel of the kind `webhook`. Shown here, and never again.',
    }),
  })
  .meta({ id: 'PutChannel', description: 'A channel as it was saved.' });

export const channelBody = z
  .strictObject({
    id: idParam.optional(),
    kind,
    name: lineOfText(MAX_NAME_LENGTH).nullish(),
    url: webhookUrlSchema.optional().meta({
      writeOnly: true,
      description: 'A secret. Absent: it stays as it is, while the kind stays.',
    }),
    origin: ignored(),
    ...ignoredStamps,
  })
  .meta({ id: 'ChannelDocument' });

export const channelTest = z
  .object({
    sent: z.boolean(),
    status: z.int().nullable().meta({ description: 'Of the answer; null: there was none.' }),
    error: z.string().nullable().meta({ description: 'Why it was not taken.' }),
    duration_ms: z.int(),
  })
  .meta({ id: 'ChannelTest', description: 'What came of a test message.' });

export function channelAnswer({ id, kind, name, origin, ...stamped }: StoredChannel) {
  return { id, kind, name, origin, ...stampsOf(stamped) };
}
