import { createPublicKey, randomBytes, sign, verify, createPrivateKey } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { makeSigningKey, parseSigningSecret, publicKeyOf } from '../../../src/secrets/signing-key';

const bytesOf = (text: string) => Buffer.from(text.replace(/^wh[a-z]+_/, ''), 'base64');

describe('a key that is made here', () => {
  it('of v1 is one that the standard library takes, of 256 bits', () => {
    const { secret, algorithm } = makeSigningKey('v1');
    const webhook = new Webhook(secret);
    const now = new Date();
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': webhook.sign('msg_1', now, '{}'),
    };
    expect(webhook.verify('{}', headers)).toEqual({});
    expect([algorithm, bytesOf(secret).length]).toEqual(['v1', 32]);
  });

  it('of v1a is an ed25519 seed with its public key, which verifies what the seed signs', () => {
    const key = makeSigningKey('v1a');
    const bytes = bytesOf(key.secret);
    expect(bytes).toHaveLength(64);
    const [d, x] = [bytes.subarray(0, 32), bytesOf(publicKeyOf(key) ?? '')].map((part) =>
      part.toString('base64url'),
    ) as [string, string];
    const jwk = { kty: 'OKP', crv: 'Ed25519', x };
    const signature = sign(
      null,
      Buffer.from('text'),
      createPrivateKey({ key: { ...jwk, d }, format: 'jwk' }),
    );
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    expect(verify(null, Buffer.from('text'), publicKey, signature)).toBe(true);
  });

  it('has an id and a secret of its own', () => {
    const keys = Array.from({ length: 50 }, () => makeSigningKey('v1'));
    expect(new Set(keys.map(({ id }) => id)).size).toBe(50);
    expect(new Set(keys.map(({ secret }) => secret)).size).toBe(50);
    expect(keys.filter(({ id }) => !/^sk_[a-z2-7]{20}$/.test(id))).toEqual([]);
  });

  it('of v1 has no public part', () => {
    expect(publicKeyOf(makeSigningKey('v1'))).toBeNull();
  });
});

describe('a secret that somebody brings along', () => {
  it.each(['v1', 'v1a'] as const)('of %s is taken as it is', (algorithm) => {
    const { secret } = makeSigningKey(algorithm);
    expect(parseSigningSecret(secret)).toEqual({ algorithm, secret });
  });

  it.each([24, 32, 64])('may have %i bytes', (length) => {
    const secret = `whsec_${randomBytes(length).toString('base64')}`;
    expect(parseSigningSecret(secret)).toEqual({ algorithm: 'v1', secret });
  });

  it('is taken without padding, and kept with it', () => {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    expect(parseSigningSecret(secret.replaceAll('=', ''))).toEqual({ algorithm: 'v1', secret });
  });

  const private_ = bytesOf(makeSigningKey('v1a').secret);
  it.each([
    ['nothing', '', 'must be "whsec_" or "whsk_" and base64'],
    ['no prefix', randomBytes(32).toString('base64'), 'must be "whsec_"'],
    ['a public key', `whpk_${randomBytes(32).toString('base64')}`, 'must be "whsec_"'],
    ['other characters', `whsec_${'ä'.repeat(40)}`, 'must be "whsec_"'],
    ['the base64 of URLs', `whsec_${'-_'.repeat(20)}`, 'must be "whsec_"'],
    ['bits that no base64 has', `whsec_${'A'.repeat(42)}B`, 'must be "whsec_"'],
    ['23 bytes', `whsec_${randomBytes(23).toString('base64')}`, 'must have 24 to 64 bytes, and has 23'],
    ['65 bytes', `whsec_${randomBytes(65).toString('base64')}`, 'must have 24 to 64 bytes, and has 65'],
    ['a seed alone', `whsk_${private_.subarray(0, 32).toString('base64')}`, 'must have 64 bytes'],
    [
      'a public key of another seed',
      `whsk_${Buffer.concat([randomBytes(32), private_.subarray(32)]).toString('base64')}`,
      'must end with the public key that belongs to its seed',
    ],
  ])('is refused with %s', (_what, text, message) => {
    expect(() => parseSigningSecret(text)).toThrow(message);
  });
});
