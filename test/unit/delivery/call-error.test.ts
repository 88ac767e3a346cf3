import { callError, statusError } from '../../../src/delivery/call-error';

const error = (message: string, properties: object = {}) => Object.assign(new Error(message), properties);

describe('an error of a call is named', () => {
  it.each([
    [
      'by its code, when the system gave it',
      error('connect ECONNREFUSED 192.0.2.1:443', { code: 'ECONNREFUSED', syscall: 'connect' }),
      'ECONNREFUSED',
    ],
    [
      'by its code, when several addresses failed and there is no message',
      error('', { code: 'ETIMEDOUT' }),
      'ETIMEDOUT',
    ],
    [
      'in words, when a certificate is bad',
      error('certificate has expired', { code: 'CERT_HAS_EXPIRED' }),
      'certificate has expired',
    ],
    [
      'in words, when a certificate is for another host',
      error("Hostname/IP does not match certificate's altnames: Host: a.example", {
        code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      }),
      "Hostname/IP does not match certificate's altnames: Host: a.example",
    ],
    [
      'by the reason, when TLS fails',
      error('write EPROTO …', { code: 'ERR_SSL_WRONG_VERSION_NUMBER', reason: 'wrong version number' }),
      'TLS: wrong version number',
    ],
    ['in one line', error('first\nsecond'), 'first'],
    ['in some words at least', 'a string', 'unknown error'],
  ])('%s', (_how, thrown, name) => {
    expect(callError(thrown)).toBe(name);
  });

  it('in a length that is bounded', () => {
    expect(callError(error('x'.repeat(10_000)))).toHaveLength(500);
  });
});

describe('a status is named', () => {
  it.each([
    [503, '503 Service Unavailable'],
    [299, '299'],
  ])('%i', (status, name) => {
    expect(statusError(status)).toBe(name);
  });
});
