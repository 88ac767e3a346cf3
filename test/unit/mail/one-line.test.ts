import { oneLine } from '../../../src/mail/one-line';

it.each([
  ['a CR LF', 'a\r\nb'],
  ['a NUL', 'a\0b'],
  ['a line separator', 'a\u2028b'],
  ['a paragraph separator', 'a\u2029b'],
  ['a next-line control', 'a\u0085b'],
  ['a bidirectional override', 'a\u202Eb'],
  ['a bidirectional isolate', 'a\u2066b'],
  ['half of a surrogate pair', 'a\uD83Db'],
  ['a run of them', 'a\r\n\r\n\u2028\u202Eb'],
])('turns %s into one space', (_what, text) => {
  expect(oneLine(text, 10)).toBe('a b');
});

it.each(['Größe', 'スコア低下', 'هبوط الدرجة', '👩‍🚀 down', 'two  spaces'])('leaves %j as it is', (text) => {
  expect(oneLine(text, 100)).toBe(text);
});

it('keeps what fits exactly', () => {
  expect(oneLine('12345', 5)).toBe('12345');
});

it('says by an ellipsis that it cut', () => {
  expect(oneLine('123456', 5)).toBe('1234…');
});

it('never cuts through a character beyond the basic plane', () => {
  expect(oneLine('👍👍👍👍', 3)).toBe('👍👍…');
});
