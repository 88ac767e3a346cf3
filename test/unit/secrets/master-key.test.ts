import { inspect } from 'node:util';
import { makeMasterKey, parseMasterKeys, textOfMasterKey } from '../../../src/secrets/master-key';

describe('master keys', () => {
  it('are read as they were written, with the same ids', () => {
    const keys = [makeMasterKey(), makeMasterKey()];
    const read = parseMasterKeys(keys.map(textOfMasterKey).join(' ,\n'));
    expect(read.map(({ id }) => id)).toEqual(keys.map(({ id }) => id));
    expect(read.map(textOfMasterKey)).toEqual(keys.map(textOfMasterKey));
  });

  it('are read in the base64 of URLs, and without padding', () => {
    const bytes = Buffer.alloc(32, 0xfb);
    const forms = [bytes.toString('base64'), bytes.toString('base64url')];
    expect(new Set(forms.map((form) => parseMasterKeys(form)[0].id)).size).toBe(1);
  });

  it('that stand there twice count once', () => {
    const text = textOfMasterKey(makeMasterKey());
    expect(parseMasterKeys(`${text},${text}`)).toHaveLength(1);
  });

  it.each([
    ['nothing', ''],
    ['commas alone', ', ,'],
    ['a password', 'correct horse battery staple'],
    ['a key that is too short', Buffer.alloc(31, 7).toString('base64')],
    ['a key that is too long', Buffer.alloc(33, 7).toString('base64')],
    ['a key in hex', Buffer.alloc(32, 7).toString('hex')],
    ['something behind a key', `${Buffer.alloc(32, 7).toString('base64')},secret`],
  ])('are not read from %s, and the error repeats nothing of it', (_what, text) => {
    const words = text.split(/[\s,]+/).filter((word) => word !== '');
    const error = errorOf(() => parseMasterKeys(text));
    expect(error).toMatch(/^has (no key|something else than a key in place \d): /);
    expect(words.filter((word) => error.includes(word))).toEqual([]);
  });

  it('show nothing of themselves when they are printed', () => {
    const key = makeMasterKey();
    const bytes = key.key.export();
    const shown = `${inspect(key, { depth: 9, showHidden: true })}${JSON.stringify(key)}`;
    const forms = [bytes.toString('base64'), bytes.toString('hex'), [...bytes.subarray(0, 4)].join(',')];
    expect(forms.filter((form) => shown.includes(form))).toEqual([]);
  });
});

function errorOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}
