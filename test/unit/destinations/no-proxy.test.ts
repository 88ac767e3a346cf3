import { isCalledDirectly, parseNoProxy } from '../../../src/destinations/no-proxy';

function isDirect(
  entries: string,
  host: string,
  { port = 443, addresses = ['93.184.216.34'] } = {},
): boolean {
  return isCalledDirectly(parseNoProxy(entries.split(',')), { host, port }, addresses);
}

it.each([
  ['*', 'example.com'],
  ['example.com', 'example.com'],
  ['example.com', 'a.b.example.com'],
  ['.example.com', 'a.example.com'],
  ['*.example.com', 'a.example.com'],
  ['EXAMPLE.com', 'example.com'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['other.com, example.com', 'example.com'],
  ['example.com:443', 'example.com'],
  ['93.184.216.34', 'example.com'],
  ['93.184.216.34:443', 'example.com'],
  ['93.184.0.0/16', 'example.com'],
  ['localhost', 'localhost'],
])('%j lets %s be called directly', (entries, host) => {
  expect(isDirect(entries, host)).toBe(true);
});

it.each([
  ['', 'example.com'],
  ['example.com', 'notexample.com'],
  ['example.com', 'example.com.evil.test'],
  ['.example.com', 'example.com'],
  ['*.example.com', 'example.com'],
  ['example.com:80', 'example.com'],
  ['93.184.216.34:80', 'example.com'],
  ['10.0.0.0/8', 'example.com'],
  ['2000::/3', 'example.com'],
])('%j does not let %s be called directly', (entries, host) => {
  expect(isDirect(entries, host)).toBe(false);
});

it('a network lets a host be called directly when all its addresses are in it', () => {
  expect(isDirect('10.0.0.0/8', 'a.test', { addresses: ['10.0.0.1', '10.0.0.2'] })).toBe(true);
  expect(isDirect('10.0.0.0/8', 'a.test', { addresses: ['10.0.0.1', '11.0.0.2'] })).toBe(false);
  expect(isDirect('::1,127.0.0.0/8', 'a.test', { addresses: ['::1', '127.0.0.1'] })).toBe(true);
});

it('an IPv6 address may have a port', () => {
  expect(isDirect('[::1]:8080', 'a.test', { addresses: ['::1'], port: 8080 })).toBe(true);
  expect(isDirect('[::1]:8080', 'a.test', { addresses: ['::1'], port: 80 })).toBe(false);
});

it.each(['a b', 'http://example.com', '10.*', '10.0.0.0/33', 'user@example.com', '0x7f.1', 'a/b', '[x]'])(
  'what is no entry is named: %j',
  (entry) => {
    expect(() => parseNoProxy(['example.com', entry])).toThrow(`"${entry}" is not a host`);
  },
);
