import fc from 'fast-check';
import { keyword, SEARCH_ATTRIBUTES, textOfKeyword } from '../../../src/shared/search-attributes';

describe('a keyword', () => {
  it('of a plain text is that text', () => {
    expect(keyword('evt_2026-07-10/ключ 🔑')).toBe('evt_2026-07-10/ключ 🔑');
  });

  it('has nothing in it that an SQL server cannot be asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(keyword(text)).not.toMatch(/["'\\\p{Cc}]/u);
      }),
    );
  });

  it('gives the text back that it was made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(textOfKeyword(keyword(text))).toBe(text);
      }),
    );
  });

  it('is as long as a column of SQL visibility at most', () => {
    expect(Array.from(keyword('🔑'.repeat(300)))).toHaveLength(255);
  });
});

it.each([
  ['KEYWORD', 10],
  ['BOOL', 3],
  ['DATETIME', 3],
])('there are no more attributes of type %s than SQL visibility has columns for', (type, columns) => {
  expect(SEARCH_ATTRIBUTES.filter((key) => key.type === type).length).toBeLessThanOrEqual(columns);
});
