import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { credentialSchema, type CredentialDocument } from '../../../src/destinations/credential';
import { keyMaterialProblems } from '../../../src/secrets/key-material';
import { selfSignedCertificate } from '../../support/certificate';

const VALID = { from: new Date('2020-01-01'), to: new Date('2100-01-01') };
const origins = ['https://hooks.example.com'];
const NO_KEY = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----';
const NO_CERTIFICATE = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';

function problems(written: object): Record<string, string> {
  const credential: CredentialDocument = credentialSchema.parse({ origins, ...written });
  return Object.fromEntries(keyMaterialProblems(credential).map(({ path, message }) => [path, message]));
}

describe('of a client certificate', () => {
  let one: { key: string; cert: string };
  let two: { key: string; cert: string };
  const tls = (fields: object) => problems({ kind: 'tls', ...fields });

  beforeAll(async () => {
    [one, two] = await Promise.all([selfSignedCertificate(VALID), selfSignedCertificate(VALID)]);
  });

  it('its own key is in order, and so is an authority without any', () => {
    expect(tls({ certificate: one.cert, private_key: one.key, ca: two.cert })).toEqual({});
    expect(tls({ ca: one.cert + two.cert })).toEqual({});
  });

  it('the key may be that of the first of a chain, and of no other', () => {
    const chain = `${one.cert}\n${two.cert}`;
    expect(tls({ certificate: chain, private_key: one.key })).toEqual({});
    expect(tls({ certificate: chain, private_key: two.key })).toEqual({
      private_key: 'does not belong to the first certificate',
    });
  });

  it('an encrypted key needs its passphrase', () => {
    const encrypted = createPrivateKey(one.key).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'open sesame',
    });
    const pair = { certificate: one.cert, private_key: encrypted };
    expect(tls({ ...pair, passphrase: 'open sesame' })).toEqual({});
    expect(tls(pair)).toEqual({ private_key: expect.stringContaining('needs its passphrase') as string });
    expect(tls({ ...pair, passphrase: 'sesame' })).toEqual({
      private_key: expect.stringContaining('the passphrase is not its') as string,
    });
  });

  it('what cannot be read is named, each at its field, with nothing of its text', () => {
    const found = tls({ certificate: NO_CERTIFICATE, private_key: NO_KEY, ca: one.cert + NO_CERTIFICATE });
    expect(Object.keys(found)).toEqual(['certificate', 'private_key', 'ca']);
    expect(JSON.stringify(found)).not.toContain('AAAA');
  });

  it('a key in the place of a certificate is refused', () => {
    expect(Object.keys(tls({ ca: one.key }))).toEqual(['ca']);
  });
});

describe('of a key that signs assertions', () => {
  const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey;
  const keys = {
    rsa: rsa(2048),
    'short rsa': rsa(1024),
    p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
    ed25519: generateKeyPairSync('ed25519').privateKey,
  };
  const check = (key: keyof typeof keys, algorithm?: string) =>
    problems({
      kind: 'oauth2',
      token_url: 'https://id.example.com/token',
      client_id: 'us',
      authentication: 'private_key_jwt',
      private_key: keys[key].export({ type: 'pkcs8', format: 'pem' }),
      ...(algorithm !== undefined && { algorithm }),
    });

  it.each([
    ['rsa', undefined],
    ['rsa', 'RS256'],
    ['rsa', 'PS256'],
    ['p256', 'ES256'],
    ['ed25519', 'EdDSA'],
  ] as const)('a key of kind %s fits %s', (key, algorithm) => {
    expect(check(key, algorithm)).toEqual({});
  });

  it.each([
    ['short rsa', 'RS256'],
    ['p256', undefined],
    ['p256', 'RS256'],
    ['p384', 'ES256'],
    ['rsa', 'ES256'],
    ['rsa', 'EdDSA'],
    ['ed25519', 'PS256'],
  ] as const)('a key of kind %s does not fit %s', (key, algorithm) => {
    expect(Object.keys(check(key, algorithm))).toEqual(['private_key']);
  });
});
