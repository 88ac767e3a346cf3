import { parseMailbox } from '../../../src/mail/mailbox';

it.each([
  ['rules@example.com', { address: 'rules@example.com' }],
  [' rules@example.com ', { address: 'rules@example.com' }],
  ['<rules@example.com>', { address: 'rules@example.com' }],
  ['Rule Builder <rules@example.com>', { name: 'Rule Builder', address: 'rules@example.com' }],
  ['"Rules, Inc." <rules@example.com>', { name: 'Rules, Inc.', address: 'rules@example.com' }],
])('reads %j', (text, mailbox) => {
  expect(parseMailbox(text)).toEqual(mailbox);
});

it.each([
  '',
  'rules',
  'a@example.com, b@example.com',
  'A <a@example.com>, B <b@example.com>',
  'A <a@example.com',
  '<>',
])('refuses %j', (text) => {
  expect(() => parseMailbox(text)).toThrow('is not an e-mail address');
});

it.each([
  ['spaces', `a${' '.repeat(200_000)}b`],
  ['quotes and spaces', `"a" ${'\t'.repeat(200_000)}<`],
])('refuses endless %s at once', (_what, text) => {
  const start = process.cpuUsage();
  expect(() => parseMailbox(text)).toThrow('is not an e-mail address');
  expect(process.cpuUsage(start).user).toBeLessThan(1_000_000);
});
