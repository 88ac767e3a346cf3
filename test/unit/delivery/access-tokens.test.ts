import { AccessTokens } from '../../../src/delivery/access-tokens';
import type { TokenAccess } from '../../../src/delivery/oauth2';
import { createWebhookSender } from '../../../src/delivery/send';
import { MAX_ACCESS_TOKENS } from '../../../src/shared/limits';
import { testEgress } from '../../support/egress';
import { answerJson, type Answer } from '../../support/receiver';
import { TokenEndpoint } from '../../support/token-endpoint';

const sender = createWebhookSender({ egress: testEgress(), userAgent: 'test/1' });
afterAll(() => sender.close());

let endpoint: TokenEndpoint;
let tokens: AccessTokens;
let clock = 0;
beforeEach(async () => {
  endpoint = await TokenEndpoint.start();
  clock = 1_000;
  tokens = new AccessTokens(sender, () => clock);
});
afterEach(() => endpoint.close());

function access(change: Partial<TokenAccess> = {}): TokenAccess {
  return { workspace: 'acme', ...endpoint.credential(), ...change };
}

const get = (change: Partial<TokenAccess> = {}) => tokens.get(access(change), 5_000);

describe('a token', () => {
  it('is asked for once, however many calls want it at once', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => get()));
    expect([new Set(all).size, endpoint.requests.length]).toEqual([1, 1]);
  });

  it('is used again by later calls', async () => {
    expect([await get(), await get()]).toEqual(['token-1', 'token-1']);
  });

  it.each([
    ['another workspace', { workspace: 'globex' }],
    ['another credential', { id: 'erp' }],
    ['a credential that was edited since', { version: 2 }],
  ])('is not used for %s', async (_whom, change) => {
    expect([await get(), await get(change)]).toEqual(['token-1', 'token-2']);
  });

  it('that was dropped is asked for again', async () => {
    tokens.drop(access(), await get());
    expect(await get()).toBe('token-2');
  });

  it('stays when an older one is dropped: several calls may have been refused with that', async () => {
    const older = await get();
    tokens.drop(access(), older);
    await get();
    tokens.drop(access(), older);
    expect(await get()).toBe('token-2');
  });

  it('is not held beyond a number that bounds memory', async () => {
    for (let nth = 0; nth <= MAX_ACCESS_TOKENS; nth += 1) await get({ id: `crm-${nth}` });
    await get({ id: 'crm-1' });
    expect(endpoint.requests).toHaveLength(MAX_ACCESS_TOKENS + 1);
    await get({ id: 'crm-0' });
    expect(endpoint.requests).toHaveLength(MAX_ACCESS_TOKENS + 2);
  });
});

describe('a token is replaced before it expires', () => {
  it.each([
    ['of an hour, a minute before', { expires_in: 3_600 }, 3_540],
    ['of an hour that is written as text', { expires_in: '3600' }, 3_540],
    ['of 30 s, when half of it is over', { expires_in: 30 }, 15],
    ['that does not say how long it lives, after some minutes', {}, 240],
    ['whose life is no number, after some minutes', { expires_in: 'long' }, 240],
  ])('one %s', async (_which, besides, seconds) => {
    endpoint.answers(endpoint.giving(besides));
    await get();
    clock += seconds * 1_000 - 1;
    expect(await get()).toBe('token-1');
    clock += 1;
    expect(await get()).toBe('token-2');
  });

  it.each([0, -1])('one of %i s is used for one call', async (expires_in) => {
    endpoint.answers(endpoint.giving({ expires_in }));
    expect([await get(), await get()]).toEqual(['token-1', 'token-2']);
  });
});

describe('a token that cannot be had', () => {
  it('is asked for again by the next call', async () => {
    endpoint.answers(answerJson(503, {}));
    await expect(get()).rejects.toThrow('503');
    endpoint.answers(endpoint.giving({}));
    expect(await get()).toBe('token-1');
  });

  it('fails all calls that wait for it', async () => {
    endpoint.answers(answerJson(503, {}));
    const all = await Promise.allSettled([get(), get()]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(endpoint.requests).toHaveLength(1);
  });

  it('is waited for no longer than the call has time, though another call asked for it', async () => {
    const held: (() => void)[] = [];
    const answerLater: Answer = (request, response) => {
      held.push(() => {
        endpoint.giving({})(request, response);
      });
    };
    endpoint.answers(answerLater);
    const patient = get();
    await expect(tokens.get(access(), 100)).rejects.toThrow('OAuth2 token endpoint: timed out after 0.1 s');
    held.forEach((answer) => {
      answer();
    });
    expect(await patient).toBe('token-1');
  });
});
