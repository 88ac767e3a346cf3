import {
  InUseError,
  NotFoundError,
  UnknownReferenceError,
  VersionMismatchError,
} from '../../src/store/errors';
import type { ChannelKind } from '../../src/destinations/channel';
import { validateRulebookDocument } from '../../src/rules/rulebook-document';
import type { Change } from '../../src/store/record';
import type { Store } from '../../src/store/store';
import { describeOnBothDatabases, newWorkspace, ruleDocument } from '../support/stores';

const URL = 'https://hooks.slack.com/services/T0/B0/hush-hush';

describeOnBothDatabases((databases) => {
  let store: Store;
  let change: Change;
  let workspace: string;
  const put = (kind: ChannelKind = 'slack', url: string | undefined = URL, name: string | null = null) =>
    store.channels.put(change, { id: 'ops', kind, name, url });
  const actions = async () => (await store.audit.list(workspace, { limit: 20 })).map(({ action }) => action);

  beforeEach(async () => {
    store = await databases.shared();
    change = await newWorkspace(store);
    workspace = change.workspace;
  });

  describe('a channel', () => {
    it('is answered without its URL, of which the origin alone is shown', async () => {
      const created = await put('slack', URL, 'Operations');
      expect(created).toMatchObject({
        id: 'ops',
        kind: 'slack',
        name: 'Operations',
        origin: 'https://hooks.slack.com',
        version: 1,
        created: true,
        secret: null,
      });
      const shown = [
        await store.channels.get(workspace, 'ops'),
        ...(await store.channels.list(workspace, { limit: 10 })),
      ];
      expect(JSON.stringify([created, shown])).not.toContain('hush');
    });

    it('is opened with its URL', async () => {
      await put();
      expect(await store.channels.open(workspace, 'ops')).toEqual({ id: 'ops', kind: 'slack', url: URL });
    });

    it('goes by the proxy of its workspace', async () => {
      await put();
      await store.egressProxies.put(change, {
        url: 'http://proxy.example:1',
        password: 'secret',
        noProxy: [],
      });
      expect((await store.channels.open(workspace, 'ops'))?.proxy).toMatchObject({ password: 'secret' });
    });

    it('that is a webhook is given a signing secret, which is told once', async () => {
      const { secret } = await put('webhook');
      expect(secret).toMatch(/^whsec_/);
      expect((await put('webhook', URL, 'renamed')).secret).toBeNull();
      expect((await store.channels.open(workspace, 'ops'))?.signingKey?.secret).toBe(secret);
    });

    it('keeps the URL that is left out while its kind stays', async () => {
      await put('slack', URL);
      await store.channels.put(change, { id: 'ops', kind: 'slack', name: 'renamed' });
      expect(await store.channels.open(workspace, 'ops')).toMatchObject({ url: URL });
    });

    it('of another kind keeps nothing', async () => {
      await put('slack', URL);
      await expect(store.channels.put(change, { id: 'ops', kind: 'teams', name: null })).rejects.toThrow(
        NotFoundError,
      );
    });

    it('that is put again as it is has no new version', async () => {
      await put();
      expect(await put()).toMatchObject({ version: 1, created: false });
      expect(await put('slack', `${URL}-2`)).toMatchObject({ version: 2, created: false });
    });

    it('is changed only as it was read', async () => {
      await put();
      const late = store.channels.put(
        change,
        { id: 'ops', kind: 'slack', name: 'x', url: URL },
        { ifVersion: 7 },
      );
      await expect(late).rejects.toThrow(VersionMismatchError);
    });

    it('of another workspace is not there', async () => {
      await put();
      const other = await newWorkspace(store);
      expect(await store.channels.open(other.workspace, 'ops')).toBeUndefined();
      await expect(store.channels.delete(other, 'ops')).rejects.toThrow(NotFoundError);
    });

    it('leaves its traces in the audit log, without its URL', async () => {
      await put();
      await put('slack', `${URL}-2`);
      await store.channels.delete(change, 'ops');
      expect(await actions()).toEqual([
        'channel.deleted',
        'channel.updated',
        'channel.created',
        'api_key.created',
      ]);
      expect(JSON.stringify(await store.audit.list(workspace, { limit: 20 }))).not.toContain('hush');
    });
  });

  describe('a rule', () => {
    const told = (notify: object) => ruleDocument('watch', { notify: notify as never });

    it.each([
      ['a channel', { channels: ['ops', 'none'] }, 'notify.channels[1]', 'there is no channel "none"'],
      [
        'a member',
        { recipients: ['a@example.com', { member: 'bob' }] },
        'notify.recipients[1].member',
        'there is no member "bob"',
      ],
    ])('that names %s which is not there is refused, with the path', async (_what, notify, path, message) => {
      await put();
      const refused = store.rules.create(change, told(notify));
      await expect(refused).rejects.toThrow(UnknownReferenceError);
      await expect(refused).rejects.toMatchObject({ path, message });
    });

    it('of a whole document is refused with the path there', async () => {
      const { document } = validateRulebookDocument({ rules: [told({ channels: ['none'] })] });
      await expect(store.apply(change, document, { dryRun: false })).rejects.toMatchObject({
        path: 'rules[0].notify.channels[0]',
      });
    });

    it('keeps its channel from being deleted, until it names it no more', async () => {
      await put();
      await store.rules.create(change, told({ channels: ['ops'] }));
      const refused = store.channels.delete(change, 'ops');
      await expect(refused).rejects.toThrow(InUseError);
      await expect(refused).rejects.toThrow('channel "ops" is in use by rule "watch"');
      await store.rules.replace(change, 'watch', told({}));
      await store.channels.delete(change, 'ops');
      expect(await store.channels.get(workspace, 'ops')).toBeUndefined();
    });

    it('that is deleted keeps no channel', async () => {
      await put();
      await store.rules.create(change, told({ channels: ['ops'] }));
      await store.rules.delete(change, 'watch');
      await store.channels.delete(change, 'ops');
      expect(await store.channels.get(workspace, 'ops')).toBeUndefined();
    });

    it('keeps a member whom it tells from being deleted', async () => {
      await store.members.put(change, { id: 'bob', name: 'Bob', email: 'bob@example.com' });
      await store.rules.create(change, told({ recipients: [{ member: 'bob' }] }));
      await expect(store.members.delete(change, 'bob')).rejects.toThrow(
        'member "bob" is in use by rule "watch"',
      );
    });
  });
});
