import { parseSmtpUrl } from '../../../src/mail/smtp-url';

const auth = { user: 'rules@example.com', pass: 'p@ss/w#rd?%' };
const credentials = 'rules%40example.com:p%40ss%2Fw%23rd%3F%25';

it.each([
  ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, secure: false }],
  ['smtp://mail.example.com/', { host: 'mail.example.com', port: 587, secure: false }],
  ['smtp://mail.example.com:2525', { host: 'mail.example.com', port: 2525, secure: false }],
  ['smtps://mail.example.com', { host: 'mail.example.com', port: 465, secure: true }],
  ['smtps://mail.example.com:8465', { host: 'mail.example.com', port: 8465, secure: true }],
  ['smtp://mail.example.com:465', { host: 'mail.example.com', port: 465, secure: true }],
  ['smtp://mail_server', { host: 'mail_server', port: 587, secure: false }],
  ['smtp://[::1]:25', { host: '::1', port: 25, secure: false }],
  [`smtp://${credentials}@127.0.0.1:25`, { host: '127.0.0.1', port: 25, secure: false, auth }],
])('reads %s', (url, server) => {
  expect(parseSmtpUrl(url)).toEqual({ requireTLS: false, ...server });
});

const malformed = [
  ['mail.example.com', 'must be smtp://'],
  ['mail.example.com:587', 'must be smtp://'],
  ['https://user:hunter2@mail.example.com', 'must be smtp://'],
  ['smtp://user:hunter2@mail.example.com:99999', 'must be smtp://'],
  ['smtp://', 'no valid host'],
  ['smtp:user:hunter2@mail.example.com', 'no valid host'],
  ['smtp://user:hunter2@ma%20il', 'no valid host'],
  ['smtp://user:hunter2/x@mail.example.com', 'must be smtp://'],
  ['smtp://user:12/hunter2@mail.example.com', 'goes on after the host'],
  ['smtp://user:a@hunter2/x@mail.example.com', 'goes on after the host'],
  ['smtp://user:a@b#hunter2@mail.example.com', 'goes on after the host'],
  ['smtp://user:hunter2@mail.example.com?tls.rejectUnauthorized=false', 'goes on after the host'],
  ['smtp://hunter2@mail.example.com', 'not both'],
  ['smtp://:hunter2@mail.example.com', 'not both'],
  ['smtp://user:hunter2%@mail.example.com', 'must be written %25'],
] as const;

it.each(malformed)('says what is wrong with %s', (url, reason) => {
  expect(() => parseSmtpUrl(url)).toThrow(reason);
});

it.each(malformed)('repeats nothing secret of %s', (url) => {
  expect(() => parseSmtpUrl(url)).not.toThrow('hunter2');
});

it.each([
  ['smtp://user:pass@mail.example.com', true],
  ['smtp://mail.example.com', false],
  ['smtp://user:pass@127.0.0.1', false],
  ['smtp://user:pass@localhost', false],
  ['smtp://user:pass@[::1]', false],
  ['smtp://user:pass@127.0.0.1.example.com', true],
])('insists on TLS where a password would cross the network: %s', (url, requireTLS) => {
  expect(parseSmtpUrl(url)).toHaveProperty('requireTLS', requireTLS);
});
