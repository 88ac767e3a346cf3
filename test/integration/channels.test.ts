import { Webhook } from 'standardwebhooks';
import { createWebhookSender, type WebhookSender } from '../../src/delivery/send';
import type { OpenChannel } from '../../src/destinations/channel';
import { sendToChannel } from '../../src/notices/send-to-channel';
import { makeSigningKey } from '../../src/secrets/signing-key';
import { testEgress } from '../support/egress';
import { answerBytes, Receiver, type Answer } from '../support/receiver';

const SECRET_PATH = '/services/T0123456/B0123456/canary-of-the-url';

let sender: WebhookSender;
let receiver: Receiver;
let answer: Answer;
beforeAll(async () => {
  sender = createWebhookSender({ egress: testEgress(), userAgent: 'rule-webhooks/test' });
  receiver = await Receiver.start((request, response) => {
    answer(request, response);
  });
});
afterAll(async () => {
  await sender.close();
  await receiver.close();
});

/** Sends a test message. */
function send(kind: OpenChannel['kind'], changed: Partial<OpenChannel> = {}) {
  const channel = { id: 'ops', kind, url: `${receiver.url}${SECRET_PATH}`, ...changed };
  return sendToChannel(sender, channel, {
    id: 'notice-1',
    workspace: 'default',
    facts: { type: 'channel.test', workspace: 'default', channelId: 'ops', at: '2026-01-05T08:00:00.000Z' },
    publicUrl: 'https://rules.example.com',
  });
}

it('Slack has taken a message when it says "ok"', async () => {
  answer = answerBytes('ok');
  expect(await send('slack')).toMatchObject({ sent: true, status: 200 });
});

it('a page that answers in the place of Slack has taken none', async () => {
  answer = answerBytes('<html>Sign in</html>');
  expect(await send('slack')).toMatchObject({
    sent: false,
    error: 'the answer is not "ok": <html>Sign in</html>',
  });
});

it('Teams has taken a message when it answers 202', async () => {
  answer = answerBytes('', {}, 202);
  expect(await send('teams')).toMatchObject({ sent: true, status: 202 });
  expect(receiver.requests.at(-1)?.json).toMatchObject({ type: 'message' });
});

it('a webhook can tell that it is from us', async () => {
  answer = answerBytes('', {}, 204);
  const signingKey = makeSigningKey('v1');
  expect(await send('webhook', { signingKey })).toMatchObject({ sent: true });
  const { text, headers } = receiver.requests.at(-1) ?? { text: '', headers: {} };
  expect(new Webhook(signingKey.secret).verify(text, headers as Record<string, string>)).toMatchObject({
    type: 'channel.test',
  });
  expect(headers).toMatchObject({ 'webhook-id': 'notice-1', 'content-type': 'application/json' });
});

it('a refusal says why, and when to come again', async () => {
  answer = answerBytes('rate_limited', { 'retry-after': '30' }, 429);
  expect(await send('slack')).toMatchObject({
    sent: false,
    status: 429,
    error: '429 Too Many Requests: rate_limited',
    retryAfterMs: 30_000,
  });
});

it('an answer that repeats the URL tells nobody of it', async () => {
  answer = answerBytes(`no webhook at ${SECRET_PATH}: canary-of-the-url`, {}, 404);
  const answered = JSON.stringify(await send('slack'));
  expect(answered).toContain('no webhook at [redacted]');
  expect(answered).not.toContain('canary');
});

it('an address that may not be called is not', async () => {
  const answered = await send('slack', { url: 'http://169.254.169.254/latest' });
  expect(answered).toMatchObject({ sent: false });
  expect(answered).not.toHaveProperty('status');
});
