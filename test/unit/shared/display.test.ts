import fc from 'fast-check';
import { clipped, displayUrl, utf8Length } from '../../../src/shared/display';

describe('the length of a text in UTF-8', () => {
  it('is what Node counts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });
});

describe('a clipped text', () => {
  const limits = fc.integer({ min: 3, max: 40 });
  const texts = fc.string({ unit: 'binary', maxLength: 60 });

  it('never takes more than its limit', () => {
    fc.assert(
      fc.property(texts, limits, (text, limit) => {
        expect(Buffer.byteLength(clipped(text, limit))).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('is the text itself, when that fits', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(clipped(text, Buffer.byteLength(text))).toBe(text);
      }),
    );
  });

  it('ends in an ellipsis otherwise, and is the beginning of the text before it', () => {
    expect(clipped('grün 🟢🟢', 10)).toBe('grün …');
  });
});

describe('a URL as people are shown it', () => {
  it.each([
    ['https://example.com/a?token=1', 'https://example.com/a'],
    ['https://example.com/a#b', 'https://example.com/a'],
    ['https://example.com/a', 'https://example.com/a'],
  ])('%s', (url, shown) => {
    expect(displayUrl(url)).toBe(shown);
  });
});
