import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createEscalate } from '../../../src/activities/escalate';
import { createStartExecutions } from '../../../src/activities/start-executions';
import { testLinks } from '../../support/mail-links';
import type { RoomAnswer } from '../../../src/delivery/room/room';
import { MemoryRulebook } from '../../support/memory-rulebook';
import { testRoom } from '../../support/room';

const quiet = { logger: new DefaultLogger('ERROR') };

/** Work that one activity does, and how often it was begun. */
type Work = (room: { enter: () => RoomAnswer }, work: () => Promise<void>) => Promise<unknown>;

const startBatch: Work = (room, work) => {
  const startExecutions = createStartExecutions({
    room,
    startBatch: async () => {
      await work();
      return { started: 1, existed: 0 };
    },
  });
  return new MockActivityEnvironment({}, quiet).run(startExecutions, {
    workspace: 'acme',
    eventKey: 'e-1',
    offset: 0,
    limit: 1,
  });
};

const sendMail: Work = (room, work) => {
  const rulebook = new MemoryRulebook();
  rulebook.put({ urls: ['https://example.com'] });
  const escalate = createEscalate({
    escalations: { record: async () => ({ kind: 'alone' }) },
    startDigest: async () => undefined,
    others: { members: { get: async () => undefined }, startNotice: async () => undefined },
    escalationDigestMs: 0,
    rulebook,
    room,
    links: testLinks,
    from: 'rules@example.com',
    ruleGoneGraceMs: 0,
    mail: {
      send: async ({ messageId }) => {
        await work();
        return { messageId, receipt: '250 OK' };
      },
    },
  });
  return new MockActivityEnvironment({}, quiet).run(escalate, {
    executionId: '0e3f4f3e-1e3c-5c43-8a3e-0a5b7f1f2d11',
    workspace: 'acme',
    ruleId: 'watch',
    url: 'https://example.com',
    error: '503',
  });
};

describe.each<[string, Work]>([
  ['a batch of starts', startBatch],
  ['an e-mail', sendMail],
])('%s', (_what, run) => {
  it('for which there is no room waits in Temporal, and leaves its slot', async () => {
    const work = jest.fn(async () => undefined);
    const room = { enter: () => ({ comeAgainInMs: 60_000, reason: 'full' }) };
    await expect(run(room, work)).rejects.toMatchObject({ type: 'NoRoom', nextRetryDelay: 60_000 });
    expect(work).not.toHaveBeenCalled();
  });

  it.each([
    ['is done', async () => undefined],
    ['fails', () => Promise.reject(new Error('away'))],
  ])('leaves room for the next one when it %s', async (_how, work) => {
    const room = testRoom({ maxConcurrent: 1 });
    await run({ enter: () => room.enter(anyRequest) }, work).catch(() => undefined);
    expect(room.enter(anyRequest)).toHaveProperty('leave');
  });
});

const anyRequest = {
  workspace: 'acme',
  to: 'any',
  limits: { max_concurrent: null, requests_per_second: null, burst: null },
  id: 'any',
  since: 0,
  isRetry: false,
  isBack: false,
};
