import { cleanJson, cleanLine, cleanLines, clip, displayWidth } from '../../src/cli/text';

const escape = '\u001b';

describe('one line of what somebody else wrote', () => {
  it.each([
    ['an escape sequence', `${escape}[31mred${escape}[0m`, 'red'],
    ['a title of the window', `${escape}]0;owned\u0007text`, 'text'],
    ['a bell and a backspace', 'a\u0007b\u0008c', 'abc'],
    ['an 8-bit control sequence', 'a\u009b31mb', 'ab'],
    ['line breaks and tabs', 'a\r\nb\tc\u2028d', 'a b c d'],
    ['a change of direction', 'a\u202eb\u2066c', 'abc'],
  ])('loses %s', (_what, text, clean) => {
    expect(cleanLine(text)).toBe(clean);
  });

  it('keeps letters of every script', () => {
    expect(cleanLine('Ünï 夜間 🚨 עברית')).toBe('Ünï 夜間 🚨 עברית');
  });
});

it('lines keep their breaks and their indentation', () => {
  expect(cleanLines(`{\r\n\t"a": 1${escape}[2J\n}`)).toBe('{\n  "a": 1\n}');
});

it('JSON keeps its meaning, and has nothing that a terminal obeys', () => {
  const json = JSON.stringify({ text: 'a\u009bb\u202ec\u007f' }, undefined, 2);
  expect(cleanJson(json)).toBe('{\n  "text": "a\\u009bb\\u202ec\\u007f"\n}');
});

describe('the width of a text', () => {
  it.each([
    ['plain', 5],
    ['夜間', 4],
    ['한국어', 6],
    ['🚨', 2],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['e\u0301', 1],
    ['→ ✓', 3],
    ['', 0],
  ])('of %j is %d columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('a text that is too long', () => {
  it.each([
    ['abcdef', 4, 'abc…'],
    ['夜間に当番', 6, '夜間…'],
    ['a👩‍👩‍👧b', 3, 'a…'],
  ])('%j ends in "…" within %d columns', (text, width, clipped) => {
    expect(clip(text, width)).toBe(clipped);
  });

  it('is left alone when it fits', () => {
    expect(clip('夜間', 4)).toBe('夜間');
  });
});
