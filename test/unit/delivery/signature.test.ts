import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { signatureHeaders } from '../../../src/delivery/signature';
import type { SigningKey } from '../../../src/destinations/signing-key';
import { ed25519Key, sharedKey } from '../../support/signing-keys';

const sentAt = Date.now();
const message = { id: '0e3f4f3e-1e3c-5c43-8a3e-0a5b7f1f2d11_0', sentAt, body: '{"a":1}' };

function headersBy(keys: SigningKey[], change: Partial<typeof message> = {}) {
  return signatureHeaders(keys, { ...message, ...change });
}

/** What one who has the public key makes of the signature; by node:crypto, from the key's standard form. */
function verifiesV1a(headers: Record<string, string>, body: string, publicKey: string): boolean {
  const key = `MCowBQYDK2VwAyEA${publicKey.slice('whpk_'.length)}`;
  const signed = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  const signature = Buffer.from(headers['webhook-signature']?.split(',')[1] ?? '', 'base64');
  return verify(
    null,
    signed,
    createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' }),
    signature,
  );
}

describe('the signature of a message', () => {
  it('is the one that Standard Webhooks has for its example', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    expect(
      signatureHeaders([{ id: 'sk_1', algorithm: 'v1', secret }], {
        id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        sentAt: 1_614_265_330_999,
        body: '{"test": 2432232314}',
      }),
    ).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is verified by its receiver, whatever the body and the secret', () => {
    const secrets = fc.uint8Array({ minLength: 24, maxLength: 64 });
    fc.assert(
      fc.property(secrets, fc.string({ unit: 'binary' }), (bytes, body) => {
        const secret = `whsec_${Buffer.from(bytes).toString('base64')}`;
        const headers = headersBy([{ id: 'sk_1', algorithm: 'v1', secret }], { body });
        const verified = () => new Webhook(secret).verify(body, headers, { jsonParse: false });
        expect(verified).not.toThrow();
      }),
    );
  });

  it('of ed25519 is verified by whoever has the public key, whatever the body', () => {
    const key = ed25519Key();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (body) => {
        expect(verifiesV1a(headersBy([key], { body }), body, key.publicKey)).toBe(true);
      }),
    );
  });

  it('of ed25519 is not that of another message', () => {
    const key = ed25519Key();
    expect(verifiesV1a(headersBy([key]), '{"a":2}', key.publicKey)).toBe(false);
  });

  it('is one for each key, newest first', () => {
    const signatures = headersBy([ed25519Key(), sharedKey(), sharedKey()])['webhook-signature']?.split(' ');
    expect(signatures?.map((each) => each.replace(/,.*/, ''))).toEqual(['v1a', 'v1', 'v1']);
  });

  it.each([0, 1, 2])('is verified by a receiver that knows only key %i of several', (nth) => {
    const keys = [sharedKey(), sharedKey(), sharedKey()];
    const webhook = new Webhook(keys[nth]?.secret ?? '');
    expect(webhook.verify(message.body, headersBy(keys))).toEqual({ a: 1 });
  });

  it('is another one when it is sent later', () => {
    const key = sharedKey();
    const at = (time: number) => headersBy([key], { sentAt: time })['webhook-signature'];
    expect(at(sentAt)).not.toBe(at(sentAt + 1_000));
  });

  it('is never missing', () => {
    expect(() => headersBy([])).toThrow('no signing key');
  });
});
