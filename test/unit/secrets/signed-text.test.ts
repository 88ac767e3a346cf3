import { makeMasterKey } from '../../../src/secrets/master-key';
import { purposeKey, readSignedText, signText } from '../../../src/secrets/signed-text';

const master = makeMasterKey();
const key = purposeKey(master, 'a test');
const signed = signText(key, 'Größe ["a"]');

it('reads what was signed', () => {
  expect(readSignedText(key, signed)).toBe('Größe ["a"]');
});

it('has no character that would have to be escaped in an address', () => {
  expect(signed).toMatch(/^[\w.-]+$/);
});

it('reads nothing in which any one character was changed', () => {
  const changed = Array.from(signed, (character, at) => {
    const other = character === 'A' ? 'B' : 'A';
    return signed.slice(0, at) + other + signed.slice(at + 1);
  });

  expect(changed.map((each) => readSignedText(key, each))).toEqual(changed.map(() => undefined));
});

it('reads nothing that has the signature in another form of base64', () => {
  const [content = '', mac = ''] = signed.split('.');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  // The last of 43 characters has two bits that mean nothing.
  const twin = alphabet[alphabet.indexOf(mac.slice(-1)) ^ 1] ?? '';

  expect(readSignedText(key, `${content}.${mac.slice(0, -1)}${twin}`)).toBeUndefined();
});

it.each(['', '.', 'x', `${signed}.x`, ` ${signed}`, `${signed}=`])('reads nothing of %j', (text) => {
  expect(readSignedText(key, text)).toBeUndefined();
});

it.each([
  ['another purpose', purposeKey(master, 'another')],
  ['another master key', purposeKey(makeMasterKey(), 'a test')],
])('reads nothing with the key of %s', (_whose, other) => {
  expect(readSignedText(other, signed)).toBeUndefined();
});
