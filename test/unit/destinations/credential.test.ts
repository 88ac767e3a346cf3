import { credentialSchema } from '../../../src/destinations/credential';
import { problemLine, problemsOf } from '../../../src/rules/problems';

const origins = ['https://hooks.example.com'];
const KEY = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const oauth2 = { kind: 'oauth2', token_url: 'https://id.example.com/token', client_id: 'us' };

function problems(written: object): string[] {
  const { error } = credentialSchema.safeParse({ origins, ...written });
  return error === undefined ? [] : problemsOf(error).map(problemLine);
}

describe('a credential', () => {
  it.each<[string, object]>([
    ['basic', { kind: 'basic', username: 'us', password: 'pass:word' }],
    ['bearer', { kind: 'bearer', token: 'abc.def' }],
    ['api_key', { kind: 'api_key', header: 'X-Api-Key', value: 'abc' }],
    ['api_key', { kind: 'api_key', header: 'Authorization', value: 'Token abc' }],
    ['api_key', { kind: 'api_key', header: 'cookie', value: 'session=abc' }],
    ['oauth2', { ...oauth2, authentication: 'client_secret_basic', client_secret: 'abc' }],
    ['oauth2', { ...oauth2, authentication: 'client_secret_post', client_secret: 'abc', scope: 'a b' }],
    ['oauth2', { ...oauth2, authentication: 'private_key_jwt', private_key: KEY, key_id: '1' }],
    ['tls', { kind: 'tls', certificate: CERTIFICATE, private_key: KEY, passphrase: 'abc' }],
    ['tls', { kind: 'tls', ca: CERTIFICATE + CERTIFICATE }],
  ])('of kind %s is in order: %j', (_kind, written) => {
    expect(problems(written)).toEqual([]);
  });

  it.each<[string, object, string]>([
    [
      'an origin with a path',
      { kind: 'bearer', token: 'a', origins: ['https://a.example/x'] },
      'origins[0]: must be an origin, such as https://hooks.example.com',
    ],
    [
      'a user with a colon',
      { kind: 'basic', username: 'a:b', password: 'c' },
      'username: must not contain a colon',
    ],
    [
      'a token of two lines',
      { kind: 'bearer', token: 'a\r\nx: y' },
      'token: must be one line of visible ASCII characters',
    ],
    [
      'no secret',
      { ...oauth2, authentication: 'client_secret_basic' },
      'client_secret: is missing: client_secret_basic needs it',
    ],
    [
      'no private key',
      { ...oauth2, authentication: 'private_key_jwt' },
      'private_key: is missing: private_key_jwt needs it',
    ],
    [
      'a secret beside a private key',
      { ...oauth2, authentication: 'private_key_jwt', private_key: KEY, client_secret: 'a' },
      'client_secret: has no use with private_key_jwt',
    ],
    [
      'a private key beside a secret',
      { ...oauth2, authentication: 'client_secret_post', private_key: KEY, client_secret: 'a' },
      'private_key: has no use with client_secret_post',
    ],
    [
      'a token URL that is none',
      { ...oauth2, authentication: 'client_secret_post', client_secret: 'a', token_url: 'id.example.com' },
      'token_url: must be an absolute URL, such as https://example.com/hook',
    ],
    [
      'a password in its token URL',
      {
        ...oauth2,
        authentication: 'client_secret_post',
        client_secret: 'a',
        token_url: 'https://u:p@id.example.com/',
      },
      'token_url: must not contain a user or password: URLs are shown to people, so put credentials elsewhere',
    ],
    [
      'nothing for TLS',
      { kind: 'tls' },
      'certificate: is missing: a credential of this kind has a certificate, a ca, or both',
    ],
    [
      'a certificate alone',
      { kind: 'tls', certificate: CERTIFICATE },
      'private_key: is missing: the certificate is of no use without it',
    ],
    [
      'a key alone',
      { kind: 'tls', private_key: KEY },
      'certificate: is missing: the private key is of no use without it',
    ],
    [
      'a passphrase of nothing',
      { kind: 'tls', ca: CERTIFICATE, passphrase: 'a' },
      'passphrase: has no use without a private key',
    ],
    ['a certificate that is none', { kind: 'tls', ca: 'AAAA' }, 'ca: must be in PEM form'],
  ])('with %s is refused', (_what, written, problem) => {
    expect(problems(written)).toEqual([problem]);
  });

  it.each([
    'host',
    'Content-Type',
    'content-length',
    'Transfer-Encoding',
    'connection',
    'proxy-authorization',
    'webhook-signature',
    'x api key',
    'x-api-key:',
    '',
  ])('is not sent in the header %j', (header) => {
    expect(problems({ kind: 'api_key', header, value: 'abc' })).toEqual([expect.stringMatching(/^header: /)]);
  });

  it('is refused without a word of its secrets', () => {
    const found = problems({ kind: 'bearer', token: 'hush\n', name: 7, passphrase: 'hush' });
    expect(found.join()).not.toContain('hush');
    expect(found).toHaveLength(3);
  });
});
