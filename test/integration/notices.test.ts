import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { sampleEvent } from '../support/events';
import { until } from '../support/executions';
import { answerBytes, answerJson, Receiver, type Answer } from '../support/receiver';
import { rulebookDocument } from '../support/rules-file';
import { ServiceProcess } from '../support/service';
import { SmtpTestServer } from '../support/smtp';
import { temporaryFolder } from '../support/temporary-folder';

const PUBLIC_URL = 'https://rules.example.com';

let service: ServiceProcess;
let smtp: SmtpTestServer;
let hook: Receiver;
let chat: Receiver;
/** What the destination of the rules answers. */
let answer: Answer;
/** What the channel of Teams answers. */
let teamsAnswer: Answer = answerBytes('', {}, 202);
let secret: string;
beforeAll(async () => {
  smtp = await SmtpTestServer.start();
  service = await ServiceProcess.start(temporaryFolder(), {
    SMTP_URL: smtp.url(),
    PUBLIC_URL,
    ESCALATION_DIGEST: '0',
  });
  hook = await Receiver.start((request, response) => {
    answer(request, response);
  });
  chat = await Receiver.start((request, response) => {
    if (request.path === '/teams') teamsAnswer(request, response);
    else answerBytes('ok')(request, response);
  });
  await service.call('PUT', '/v1/members/bob', { name: 'Bob', email: 'bob@example.com' });
  for (const kind of ['slack', 'teams', 'webhook']) {
    const put = await service.call('PUT', `/v1/channels/${kind}`, { kind, url: `${chat.url}/${kind}` });
    if (kind === 'webhook') secret = put.body['signing_secret'] as string;
  }
});
beforeEach(() => {
  answer = answerBytes('', {}, 503);
  chat.requests.length = 0;
  smtp.received.length = 0;
});
afterAll(async () => {
  await service.kill('SIGTERM');
  await Promise.all([smtp.stop(), hook.close(), chat.close()]);
});

/** Makes this the only rule, with a destination of its own path, and sends it an event. @returns its execution's id */
async function escalate(notify: object): Promise<string> {
  const id = `rule-${randomUUID()}`;
  const earlier = await service.all<{ id: string }>('/v1/rules');
  for (const rule of earlier) await service.call('DELETE', `/v1/rules/${rule.id}`);
  const document = rulebookDocument({ id, urls: [hook.url], retry_schedule: [] });
  const rules = document.rules.map((rule) => ({ ...rule, notify }));
  const put = await service.call('PUT', '/v1/rules', { ...document, rules });
  expect(put.status).toBe(200);
  return trigger();
}

async function trigger(): Promise<string> {
  const { body } = await service.event(sampleEvent({ id: randomUUID() }));
  return body.executions[0]?.execution_id ?? '';
}

const mailsTo = (address: string) =>
  smtp.received.filter(({ recipients }) => recipients.includes(address)).map(({ mail }) => mail.subject);

it('an escalation reaches the owner, the further recipients and all channels, once each', async () => {
  const executionId = await escalate({
    channels: ['slack', 'teams', 'webhook'],
    recipients: ['carol@example.com', { member: 'bob' }],
  });
  await chat.received(3);
  await until(async () => (smtp.received.length === 3 ? true : undefined));
  const recipients = smtp.received.flatMap((mail) => mail.recipients);
  expect(recipients.sort()).toEqual(['ada@example.com', 'bob@example.com', 'carol@example.com']);
  expect(new Set(smtp.received.map(({ mail }) => mail.subject))).toEqual(
    new Set(['[Action Required] Failed Webhook Request']),
  );
  const page = `${PUBLIC_URL}/executions/${executionId}`;
  expect(chat.to('/slack').map(({ text }) => text.includes(page))).toEqual([true]);
  expect(chat.to('/teams').map(({ text }) => text.includes(page))).toEqual([true]);
  const [signed] = chat.to('/webhook');
  const verified = new Webhook(secret).verify(signed?.text ?? '', signed?.headers as Record<string, string>);
  expect(verified).toMatchObject({
    type: 'escalation.created',
    data: { workspace: 'default', execution: { execution_id: executionId, page } },
  });
});

it('a channel that is away keeps nobody waiting, and is told when it is back', async () => {
  teamsAnswer = (request, response) => {
    teamsAnswer = answerBytes('', {}, 202);
    answerJson(429, {}, { 'retry-after': '1' })(request, response);
  };
  await escalate({ channels: ['teams'] });
  await chat.received(2, '/teams');
  await until(async () => (mailsTo('ada@example.com').length === 1 ? true : undefined));
  const ids = chat.to('/teams').map(({ text }) => text);
  expect(new Set(ids).size).toBe(1);
});

it('escalations that are gathered are told together', async () => {
  await escalate({ channels: ['webhook'], digest: '2s' });
  await chat.received(1, '/webhook');
  const executionIds = [await trigger(), await trigger()];
  await chat.received(2, '/webhook');
  const { json } = chat.to('/webhook')[1] ?? {};
  expect(json).toMatchObject({ type: 'escalations.gathered', data: { total: expect.any(Number) as number } });
  const { executions } = (json as { data: { executions: { execution_id: string }[] } }).data;
  expect(executionIds).toEqual(expect.arrayContaining([executions[0]?.execution_id]));
});

it('a destination that is disabled is told to the channels of the rules that call it', async () => {
  answer = answerBytes('', {}, 410);
  await escalate({ channels: ['webhook'] });
  await until(async () => chat.to('/webhook').find(({ json }) => json['type'] === 'destination.disabled'));
  const disabled = chat.to('/webhook').filter(({ json }) => json['type'] === 'destination.disabled');
  expect(disabled.map(({ json }) => json['data'])).toMatchObject([
    { origin: hook.url, reason: 'it answered 410 Gone' },
  ]);
  await service.call('POST', `/v1/destinations/${encodeURIComponent(hook.url)}/enable`);
});

describe('a destination that works again', () => {
  const recovered = () => chat.to('/webhook').filter(({ json }) => json['type'] === 'destination.recovered');
  const delivered = async (executionId: string) =>
    until(async () => {
      const { body } = await service.get(`/v1/executions/${executionId}`);
      return body['status'] === 'delivered' ? true : undefined;
    });

  it('is told once to all who were told that it did not: owner, recipient and channel', async () => {
    await escalate({ channels: ['webhook'], recipients: ['carol@example.com'] });
    await chat.received(1, '/webhook');
    answer = answerJson(200, {});
    for (let count = 0; count < 3; count += 1) await delivered(await trigger());
    await until(async () => (recovered().length > 0 ? true : undefined));
    const subject = '[Recovered] Destination works again';
    await until(async () =>
      mailsTo('ada@example.com').includes(subject) && mailsTo('carol@example.com').includes(subject)
        ? true
        : undefined,
    );
    expect(recovered().map(({ json }) => json['data'])).toMatchObject([{ origin: hook.url }]);
    expect(smtp.received.filter(({ mail }) => mail.subject === subject)).toHaveLength(2);
  });

  it('is told after it was disabled, when it was enabled and a call goes well', async () => {
    answer = answerBytes('', {}, 410);
    await escalate({ channels: ['webhook'] });
    await until(async () => chat.to('/webhook').find(({ json }) => json['type'] === 'destination.disabled'));
    const destination = `/v1/destinations/${encodeURIComponent(hook.url)}`;
    await until(async () => {
      const { body } = await service.get<{ health: { disabled: object | null } }>(destination);
      return body.health.disabled ?? undefined;
    });
    answer = answerJson(200, {});
    await service.call('POST', `${destination}/enable`);
    expect(recovered()).toEqual([]);
    await delivered(await trigger());
    await until(async () => (recovered().length > 0 ? true : undefined));
    expect(recovered()).toHaveLength(1);
  });
});
