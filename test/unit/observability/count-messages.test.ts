import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { Registry } from 'prom-client';
import type { MailMessage } from '../../../src/mail/message';
import type { SentMail } from '../../../src/mail/transport';
import { countMails } from '../../../src/observability/metrics/count-mails';
import { countNotices } from '../../../src/observability/metrics/count-notices';
import { createInstruments, type Instruments } from '../../../src/observability/metrics/instruments';
import { failureTypes } from '../../../src/shared/activity-failures';
import type { NoticeTarget } from '../../../src/shared/notices';

let registry: Registry;
let instruments: Instruments;
beforeEach(() => {
  registry = new Registry();
  instruments = createInstruments(registry);
});

/** The messages that were counted. */
async function counted(): Promise<string[]> {
  const text = await registry.metrics();
  const lines = [...text.matchAll(/^rule_webhooks_((?:mails|notices)_total\{.*\}) (\d+)$/gm)];
  return lines.filter(([, , count]) => count !== '0').map(([, series = '']) => series);
}

const fails = async (): Promise<never> => {
  throw new Error('away');
};

/** Has one mail sent. */
function mail(send: () => Promise<SentMail>): Promise<SentMail> {
  const transport = countMails({ send, describe: () => '', close: () => undefined }, instruments);
  return transport.send({ kind: 'digest' } as MailMessage);
}

it('a mail that the server took is sent', async () => {
  await mail(async () => ({ messageId: '<a@b>', receipt: '250 OK' }));
  expect(await counted()).toEqual(['mails_total{kind="digest",outcome="sent"}']);
});

it('a mail that the server did not take has failed', async () => {
  await expect(mail(fails)).rejects.toThrow('away');
  expect(await counted()).toEqual(['mails_total{kind="digest",outcome="failed"}']);
});

const channel: NoticeTarget = { kind: 'channel', channelId: 'ops' };

/** Runs the activity that sends a notice. */
async function notify(deliver: () => Promise<object>, target = channel): Promise<void> {
  const context = { info: { activityType: 'deliverNotice' } } as unknown as Context;
  const { inbound } = countNotices(instruments)(context);
  const notice = { type: 'escalations.gathered', ruleId: 'r', digestId: 'd' };
  await inbound?.execute?.({ args: [{ target, notice }], headers: {} }, deliver).catch(() => undefined);
}

it('a message that a channel took is sent', async () => {
  await notify(async () => ({}));
  expect(await counted()).toEqual(['notices_total{kind="digest",outcome="sent"}']);
});

it('a message that a channel did not take has failed', async () => {
  await notify(async () => {
    throw ApplicationFailure.create({ type: failureTypes.noticeNotTaken });
  });
  expect(await counted()).toEqual(['notices_total{kind="digest",outcome="failed"}']);
});

it('a fault of ours is no message', async () => {
  await notify(fails);
  expect(await counted()).toEqual([]);
});

it('a notice that goes out as a mail is no message to a channel', async () => {
  await notify(async () => ({}), { kind: 'mail', address: 'ada@example.com' });
  expect(await counted()).toEqual([]);
});
