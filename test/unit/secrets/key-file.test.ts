import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeyFile } from '../../../src/secrets/key-file';
import { EncryptionKeyError } from '../../../src/secrets/setup-error';
import { temporaryFolder } from '../../support/temporary-folder';

describe('the file of keys', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = join(temporaryFolder(), 'data');
    file = join(folder, 'encryption-key');
  });

  it('is not made by looking for a key', () => {
    const keys = new KeyFile(folder);
    expect(keys.find('0123456789ab')).toBeUndefined();
    expect(keys.ids()).toEqual([]);
    expect(() => statSync(file)).toThrow('ENOENT');
  });

  it('is made with one key when one is needed, and its owner alone may read it', async () => {
    const { id } = await new KeyFile(folder).first();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(new KeyFile(folder).ids()).toEqual([id]);
    expect(readdirSync(folder)).toEqual(['encryption-key']);
  });

  it('is made once, however many need it at the same time', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => new KeyFile(folder).first()));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(readdirSync(folder)).toEqual(['encryption-key']);
  });

  it('loses rights that others had on it', async () => {
    const { id } = await new KeyFile(folder).first();
    chmodSync(file, 0o644);
    expect(new KeyFile(folder).ids()).toEqual([id]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('has a new key before the old ones, until they are forgotten', async () => {
    const keys = new KeyFile(folder);
    const old = await keys.first();
    const next = await keys.next();
    expect(new KeyFile(folder).ids()).toEqual([next.id, old.id]);
    expect(await keys.keepOnly(next.id)).toEqual([old.id]);
    expect(new KeyFile(folder).ids()).toEqual([next.id]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is looked at anew for a key that another process has made since', async () => {
    const keys = new KeyFile(folder);
    await keys.first();
    const next = await new KeyFile(folder).next();
    expect(keys.find(next.id)?.key.equals(next.key)).toBe(true);
  });

  it('that has forgotten a key takes it from nobody who has read it', async () => {
    const keys = new KeyFile(folder);
    const old = await keys.first();
    const other = new KeyFile(folder);
    await other.keepOnly((await other.next()).id);
    expect(keys.find(old.id)).toBeDefined();
    expect(new KeyFile(folder).find(old.id)).toBeUndefined();
  });

  it('may be commented by people', async () => {
    const { id } = await new KeyFile(folder).first();
    writeFileSync(file, `# made by hand, and so on\n\n${readFileSync(file, 'utf8')}\n# end`);
    expect(new KeyFile(folder).ids()).toEqual([id]);
  });

  it.each([
    ['has no keys', () => ({ content: '# nothing\n' })],
    ['has something else', () => ({ content: 'not-a-key' })],
    ['is a folder', () => ({ content: undefined })],
  ])('that %s is named in the error, and left as it is', async (_what, prepare) => {
    const { content } = prepare();
    await new KeyFile(folder).first();
    rmSync(file);
    if (content === undefined) mkdirSync(file);
    else writeFileSync(file, content);
    const refused = new KeyFile(folder).first();
    await expect(refused).rejects.toThrow(EncryptionKeyError);
    await expect(refused).rejects.toThrow(file);
    await expect(refused).rejects.not.toThrow('not-a-key');
    expect(statSync(file).isDirectory() ? undefined : readFileSync(file, 'utf8')).toBe(content);
  });
});
