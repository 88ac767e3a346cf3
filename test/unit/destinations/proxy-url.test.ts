import { parseProxyUrl } from '../../../src/destinations/proxy-url';

it('is taken apart, its credentials unescaped', () => {
  expect(parseProxyUrl('http://us%40er:p%3Ass@proxy.example.com:3128/')).toEqual({
    url: 'http://proxy.example.com:3128',
    username: 'us@er',
    password: 'p:ss',
  });
});

it('needs no credentials', () => {
  expect(parseProxyUrl('https://proxy.example.com')).toEqual({ url: 'https://proxy.example.com' });
});

it.each([
  '',
  'proxy:3128',
  'socks5://u:hunter2@proxy',
  'http://u:hunter2@proxy/path',
  'http://u:hunter2%@proxy',
])('that is none is refused, and not quoted: %j', (text) => {
  expect(() => parseProxyUrl(text)).toThrow(/^must (?!.*hunter2)/);
});
