import type { CallResult, WebhookSender } from '../delivery/send';
import { signatureHeaders } from '../delivery/signature';
import type { ChannelAnswer, OpenChannel } from '../destinations/channel';
import type { DestinationLimits } from '../destinations/settings';
import { oneLine } from '../mail/one-line';
import type { NoticeFacts } from './facts';
import { slackMessage } from './slack';
import { teamsMessage } from './teams';
import { webhookMessage } from './webhook';
import { wordsOf } from './words';

/** Of what a channel says about a message that it does not take. Characters. */
const MAX_ANSWER_SHOWN = 200;

/** How often each kind of channel takes a message. */
export const CHANNEL_LIMITS: Readonly<Record<OpenChannel['kind'], DestinationLimits>> = {
  slack: { max_concurrent: null, requests_per_second: 1, burst: null },
  teams: { max_concurrent: null, requests_per_second: 4, burst: null },
  webhook: { max_concurrent: null, requests_per_second: null, burst: null },
};

/**
 * Sends one message to a channel. Whatever the channel or the network does is an answer, never an exception.
 *
 * @param message `id`: names it to its receiver, the same however often it is sent; without a dot
 */
export async function sendToChannel(
  sender: Pick<WebhookSender, 'send'>,
  channel: OpenChannel,
  message: { id: string; workspace: string; facts: NoticeFacts; publicUrl: string },
): Promise<ChannelAnswer> {
  const { kind, url, signingKey, proxy } = channel;
  const body = JSON.stringify(payloadOf(kind, message));
  const result = await sender.send({
    url,
    body,
    headers: signingKey && signatureHeaders([signingKey], { id: message.id, sentAt: Date.now(), body }),
    onOversize: 'truncate',
    workspace: message.workspace,
    proxy,
    secrets: secretsIn(url),
  });
  return answerOf(kind, result);
}

function payloadOf(
  kind: OpenChannel['kind'],
  { facts, publicUrl }: { facts: NoticeFacts; publicUrl: string },
): object {
  switch (kind) {
    case 'slack':
      return slackMessage(wordsOf(facts, publicUrl));
    case 'teams':
      return teamsMessage(wordsOf(facts, publicUrl));
    case 'webhook':
      return webhookMessage(facts, publicUrl);
  }
}

function answerOf(kind: OpenChannel['kind'], { delivered, attempt }: CallResult): ChannelAnswer {
  const { durationMs } = attempt;
  if (delivered) {
    const { status, body } = attempt.response;
    // Slack says `ok`; whatever else answers there is none of its webhooks.
    if (kind !== 'slack' || body.data.trim() === 'ok') return { sent: true, status, durationMs };
    const answer = oneLine(body.data, MAX_ANSWER_SHOWN);
    return { sent: false, status, durationMs, error: `the answer is not "ok": ${answer}` };
  }
  const { status, error, excerpt = '', retryAfterMs } = attempt;
  const answer = oneLine(excerpt, MAX_ANSWER_SHOWN);
  return {
    sent: false,
    durationMs,
    error: answer === '' ? error : `${error}: ${answer}`,
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** What of a URL lets somebody post there: some answer with a part of it. */
function secretsIn(url: string): string[] {
  const { pathname, search, searchParams } = new URL(url);
  const parts = pathname.split('/');
  return [url, `${pathname}${search}`, ...parts, ...parts.map(unescaped), ...searchParams.values()];
}

/** As it is when it is no valid escape. */
function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
