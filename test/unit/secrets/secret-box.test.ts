import fc from 'fast-check';
import { givenKeys } from '../../../src/secrets/key-ring';
import { makeMasterKey } from '../../../src/secrets/master-key';
import { keyIdOf, SecretBox, SecretUnreadableError } from '../../../src/secrets/secret-box';

const key = makeMasterKey();
const box = new SecretBox(givenKeys([key], 'ENCRYPTION_KEY'));
const PLACE = 'credential/default/crm';

describe('a sealed secret', () => {
  it('opens for its place, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (secret, place) => {
        expect(box.open(place, box.seal(key.id, place, secret))).toBe(secret);
      }),
    );
  });

  it('is sealed in another way each time, and names its key', () => {
    const [one, two] = [box.seal(key.id, PLACE, 'same'), box.seal(key.id, PLACE, 'same')];
    expect(one).not.toBe(two);
    expect([keyIdOf(one), keyIdOf(two)]).toEqual([key.id, key.id]);
  });

  it('does not open for another place', () => {
    const sealed = box.seal(key.id, PLACE, 'a secret');
    expect(() => box.open('credential/other/crm', sealed)).toThrow(SecretUnreadableError);
  });

  it('does not open when any of its characters is another', () => {
    const sealed = box.seal(key.id, PLACE, 'a secret');
    const changed = Array.from(
      sealed,
      (character, at) => `${sealed.slice(0, at)}${character === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`,
    );
    expect(changed.filter(opens)).toEqual([]);
  });

  it('does not open when it is cut short, or is no such text at all', () => {
    const sealed = box.seal(key.id, PLACE, 'a secret');
    const cut = Array.from({ length: sealed.length }, (_, length) => sealed.slice(0, length));
    expect(cut.filter(opens)).toEqual([]);
  });

  it('of two, neither opens with the data key of the other', () => {
    const [one = [], two = []] = ['one', 'two'].map((text) => box.seal(key.id, PLACE, text).split('.'));
    expect(opens([...one.slice(0, 3), two[3]].join('.'))).toBe(false);
  });

  it('of a key that is not at hand says which key that is, and where it was looked for', () => {
    const sealed = box.seal(key.id, PLACE, 'a secret');
    const other = new SecretBox(givenKeys([makeMasterKey()], 'ENCRYPTION_KEY'));
    expect(() => other.open(PLACE, sealed)).toThrow(
      new SecretUnreadableError(
        `the secret of ${PLACE} is sealed with the key ${key.id}, which is not in ENCRYPTION_KEY: ` +
          'put it into ENCRYPTION_KEY, behind the key that shall seal from now on',
      ),
    );
  });

  it('cannot be made with a key that is not at hand', () => {
    expect(() => box.seal('0123456789ab', PLACE, 'a secret')).toThrow(SecretUnreadableError);
  });
});

function opens(sealed: string): boolean {
  try {
    box.open(PLACE, sealed);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(SecretUnreadableError);
    return false;
  }
}
