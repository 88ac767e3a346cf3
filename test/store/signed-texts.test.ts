import { describeOnBothDatabases } from '../support/stores';

const change = { workspace: 'default', actor: 'test' };

describeOnBothDatabases((databases) => {
  it('a text that one process signed is read by another, also after both were started anew', async () => {
    const settings = await databases.create();
    const signed = await (await databases.open(settings)).signedTexts.sign('a test', 'text');

    expect(await (await databases.open(settings)).signedTexts.read('a test', signed)).toBe('text');
  });

  it('a text that was signed before a rotation of the keys is worth nothing after it', async () => {
    const store = await databases.open(await databases.create());
    const signed = await store.signedTexts.sign('a test', 'text');
    await store.sealed.rotate(change);

    expect(await store.signedTexts.read('a test', signed)).toBeUndefined();
  });

  it('a text that was signed elsewhere is worth nothing', async () => {
    const elsewhere = await databases.open(await databases.create());
    const here = await databases.open(await databases.create());

    expect(
      await here.signedTexts.read('a test', await elsewhere.signedTexts.sign('a test', 'x')),
    ).toBeUndefined();
  });
});
