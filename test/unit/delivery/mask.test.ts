import fc from 'fast-check';
import { maskOf } from '../../../src/delivery/mask';

const secret = 'k3y/with+"odd" ünits&more';
const mask = maskOf([secret]);

describe('a secret is masked', () => {
  it.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in JSON with escaped slashes', JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/')],
    ['in a URL', encodeURIComponent(secret)],
    [
      'in a URL with lower-case escapes',
      encodeURIComponent(secret).replace(/%../g, (escape) => escape.toLowerCase()),
    ],
    ['in a form', new URLSearchParams({ a: secret }).toString().slice(2)],
  ])('%s', (_how, written) => {
    expect(mask.text(`before ${written} after ${written}`)).toBe('before [redacted] after [redacted]');
  });

  it('in bytes that are no text', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0]), Buffer.from(secret), Buffer.from([0xfe])]);
    expect(mask.bytes(bytes)).toEqual(
      Buffer.concat([Buffer.from([0xff, 0]), Buffer.from('[redacted]'), Buffer.from([0xfe])]),
    );
  });

  it.each(['base64', 'base64url'] as const)(
    'in the %s of something longer, wherever it begins',
    (encoding) => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
          const masked = mask.text(Buffer.from(before + secret + after).toString(encoding));
          expect(Buffer.from(masked, encoding).toString('latin1')).not.toContain(
            Buffer.from(secret).toString('latin1'),
          );
          expect(masked).toContain('[redacted]');
        }),
      );
    },
  );

  it('before a shorter one that it contains', () => {
    const both = maskOf(['token-of-a-user', 'token-of-a-user:and-more']);
    expect(both.text('token-of-a-user:and-more')).toBe('[redacted]');
  });
});

it('a text that is too short to be a secret is left', () => {
  expect(maskOf(['1234567', '']).text('1234567')).toBe('1234567');
});

it('what holds no secret is left as it is', () => {
  const bytes = Buffer.from([0xff, 1, 2]);
  expect(mask.bytes(bytes)).toBe(bytes);
});

it('says how much of a text may hide the beginning of a secret', () => {
  expect(maskOf([]).longest).toBe(0);
  expect(maskOf(['12345678']).longest).toBeGreaterThanOrEqual(8);
});
