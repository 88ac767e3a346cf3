import {
  AlreadyExistsError,
  InUseError,
  NotFoundError,
  UnknownReferenceError,
  VersionMismatchError,
} from '../../src/store/errors';
import type { AuditFilter } from '../../src/store/audit-store';
import type { Change } from '../../src/store/record';
import type { Store } from '../../src/store/store';
import { describeOnBothDatabases, forPortfolio, newWorkspace, ruleDocument } from '../support/stores';

describeOnBothDatabases((databases) => {
  let store: Store;
  let change: Change;
  let workspace: string;

  beforeEach(async () => {
    store = await databases.shared();
    change = await newWorkspace(store);
    workspace = change.workspace;
  });

  describe('rules', () => {
    it('a rule is kept as it was written, and read as the program uses it', async () => {
      const document = ruleDocument('watch', { retry_schedule: ['6m'] });
      const created = await store.rules.create(change, document);
      expect(created).toMatchObject({ id: 'watch', version: 1, document, updatedBy: 'key/tester' });
      expect(created.rule.retry_schedule).toEqual([360_000]);
      expect(await store.rules.get(workspace, 'watch')).toEqual(created);
    });

    it('a second rule by the same id is refused', async () => {
      await store.rules.create(change, ruleDocument('watch'));
      await expect(store.rules.create(change, ruleDocument('watch'))).rejects.toThrow(AlreadyExistsError);
    });

    it('a rule of another workspace is not there', async () => {
      await store.rules.create(change, ruleDocument('watch'));
      const other = await newWorkspace(store);
      expect(await store.rules.get(other.workspace, 'watch')).toBeUndefined();
      expect(await store.rules.list(other.workspace, { limit: 10 })).toEqual([]);
      await expect(store.rules.delete(other, 'watch')).rejects.toThrow(NotFoundError);
      expect(await store.rulebook.rule(other.workspace, 'watch')).toBeUndefined();
    });

    it('a list is in the order of bytes of the ids, and goes on after one', async () => {
      for (const id of ['b_1', 'a', 'b-1', 'b1']) await store.rules.create(change, ruleDocument(id));
      const ids = async (page: { after?: string; limit: number }) =>
        (await store.rules.list(workspace, page)).map(({ id }) => id);
      expect(await ids({ limit: 10 })).toEqual(['a', 'b-1', 'b1', 'b_1']);
      expect(await ids({ after: 'a', limit: 2 })).toEqual(['b-1', 'b1']);
    });

    it('a replaced rule has the next version and keeps when it was created', async () => {
      const { createdAt } = await store.rules.create(change, ruleDocument('watch'));
      const replaced = await store.rules.replace(change, 'watch', ruleDocument('watch', { name: 'New' }));
      expect(replaced).toMatchObject({ version: 2, createdAt, rule: { name: 'New' } });
    });

    it('the same document in another order of keys makes no version', async () => {
      await store.rules.create(change, ruleDocument('watch'));
      const turned = Object.fromEntries(Object.entries(ruleDocument('watch')).reverse());
      expect(await store.rules.replace(change, 'watch', turned)).toMatchObject({ version: 1 });
      expect(await store.rules.versions(workspace, 'watch', { limit: 10 })).toHaveLength(1);
    });

    it('a change of a version that is not the current one is refused', async () => {
      await store.rules.create(change, ruleDocument('watch'));
      await store.rules.replace(change, 'watch', ruleDocument('watch', { name: 'New' }), { ifVersion: 1 });
      const late = store.rules.replace(change, 'watch', ruleDocument('watch'), { ifVersion: 1 });
      await expect(late).rejects.toThrow(VersionMismatchError);
      await expect(late).rejects.toMatchObject({ actual: 2 });
      await expect(store.rules.delete(change, 'watch', { ifVersion: 1 })).rejects.toThrow(
        VersionMismatchError,
      );
    });

    it('of many who change the same version at once, one does', async () => {
      await store.rules.create(change, ruleDocument('watch'));
      const tries = Array.from({ length: 10 }, (_, n) =>
        store.rules.replace(change, 'watch', ruleDocument('watch', { name: `By ${n}` }), { ifVersion: 1 }),
      );
      const outcomes = await Promise.allSettled(tries);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await store.rules.get(workspace, 'watch')).toMatchObject({ version: 2 });
    });

    it('what is not there cannot be changed', async () => {
      await expect(store.rules.replace(change, 'no', ruleDocument('no'))).rejects.toThrow(NotFoundError);
      await expect(store.rules.setPaused(change, 'no', null)).rejects.toThrow(NotFoundError);
      await expect(store.rules.delete(change, 'no')).rejects.toThrow(NotFoundError);
    });

    it('pausing a paused rule changes nothing, and resuming clears it', async () => {
      await store.rules.create(change, ruleDocument('watch'));
      const since = '2026-01-02T03:04:05.000Z';
      await store.rules.setPaused(change, 'watch', since);
      const again = await store.rules.setPaused(change, 'watch', '2027-01-01T00:00:00.000Z');
      expect(again).toMatchObject({ version: 2, rule: { paused_at: since } });
      expect(await store.rules.setPaused(change, 'watch', null)).toMatchObject({
        version: 3,
        document: ruleDocument('watch'),
      });
    });

    it('versions go on counting when a deleted rule is created again', async () => {
      await store.rules.create(change, ruleDocument('watch'));
      await store.rules.delete(change, 'watch');
      expect(await store.rules.get(workspace, 'watch')).toBeUndefined();
      expect(await store.rules.create(change, ruleDocument('watch'))).toMatchObject({ version: 3 });
    });

    it('every version is kept, newest first, also that a rule was deleted', async () => {
      await store.rules.create(change, ruleDocument('watch'));
      await store.rules.replace(change, 'watch', ruleDocument('watch', { name: 'New' }));
      await store.rules.delete(change, 'watch');
      const versions = await store.rules.versions(workspace, 'watch', { limit: 10 });
      expect(versions.map(({ version, action }) => `${version} ${action}`)).toEqual([
        '3 deleted',
        '2 updated',
        '1 created',
      ]);
      expect(versions[0]?.document).toEqual(ruleDocument('watch', { name: 'New' }));
      expect(await store.rules.versions(workspace, 'watch', { before: 2, limit: 10 })).toHaveLength(1);
    });

    it('rules are found as they were, also deleted ones', async () => {
      await store.rules.create(change, ruleDocument('watch'));
      await store.rules.replace(change, 'watch', ruleDocument('watch', { name: 'New' }));
      await store.rules.delete(change, 'watch');
      const wanted = [1, 2, 3, 4].map((version) => ({ id: 'watch', version }));
      const found = await store.rules.atVersions(workspace, wanted);
      expect(found.map(({ version, rule }) => `${version} ${rule.name}`).sort()).toEqual([
        '1 A rule',
        '2 New',
      ]);
    });

    it('a portfolio that is not there is refused with its path', async () => {
      const refused = store.rules.create(change, ruleDocument('watch', forPortfolio('vendors')));
      await expect(refused).rejects.toThrow(UnknownReferenceError);
      await expect(refused).rejects.toMatchObject({ path: 'filters.scorecards.portfolio_id' });
      expect(await store.rules.get(workspace, 'watch')).toBeUndefined();
    });

    it('a portfolio that a rule names cannot be deleted before the rule', async () => {
      await store.portfolios.put(change, { id: 'vendors', name: null });
      await store.rules.create(change, ruleDocument('watch', forPortfolio('vendors')));
      const refused = store.portfolios.delete(change, 'vendors');
      await expect(refused).rejects.toThrow(InUseError);
      await expect(refused).rejects.toThrow('"watch"');
      await store.rules.delete(change, 'watch');
      await store.portfolios.delete(change, 'vendors');
      expect(await store.portfolios.get(workspace, 'vendors')).toBeUndefined();
    });

    it('a change is in the audit log with who made it, and a change that fails is not', async () => {
      await store.rules.create(change, ruleDocument('watch'));
      await store.rules.setPaused({ ...change, actor: 'key/other' }, 'watch', '2026-01-02T03:04:05.000Z');
      await store.rules.delete(change, 'watch', { ifVersion: 1 }).catch(() => undefined);
      const entries = await store.audit.list(workspace, {
        limit: 10,
        subjectType: 'rule',
        subjectId: 'watch',
      });
      expect(entries).toMatchObject([
        { actor: 'key/other', action: 'rule.paused', details: { from: 1, to: 2 } },
        { actor: 'key/tester', action: 'rule.created', subject: { type: 'rule', id: 'watch' } },
      ]);
      const before = await store.audit.list(workspace, { limit: 10, before: entries[0]?.id });
      expect(before[0]).toHaveProperty('action', 'rule.created');
    });

    it('the audit log is searched by who, what and when', async () => {
      await store.rules.create(change, ruleDocument('watch'));
      const other = { ...change, actor: 'key/other' };
      await store.rules.setPaused(other, 'watch', '2026-01-02T03:04:05.000Z');
      await store.rules.setPaused(change, 'watch', null);
      const found = async (filter: AuditFilter) =>
        (await store.audit.list(workspace, { limit: 10, ...filter })).map(({ action }) => action);
      const all = await store.audit.list(workspace, { limit: 10, subjectType: 'rule' });
      expect(await found({ actor: 'key/other' })).toEqual(['rule.paused']);
      expect(await found({ action: 'rule.created', actor: change.actor })).toEqual(['rule.created']);
      expect(await found({ subjectType: 'rule', from: all[2]?.at })).toHaveLength(3);
      expect(await found({ subjectType: 'rule', to: all[2]?.at })).toEqual([]);
    });
  });

  describe('the rulebook', () => {
    it('answers the rule as it is now, with the owner that stands in it', async () => {
      await store.rules.create(change, ruleDocument('watch'));
      await store.rules.replace(change, 'watch', ruleDocument('watch', { name: 'New' }));
      expect(await store.rulebook.rule(workspace, 'watch')).toMatchObject({
        version: '2',
        rule: { name: 'New' },
        owner: { name: 'Ada', email: 'ada@example.com' },
      });
    });

    it('has no rule that was deleted', async () => {
      await store.rules.create(change, ruleDocument('watch'));
      await store.rules.delete(change, 'watch');
      expect(await store.rulebook.rule(workspace, 'watch')).toBeUndefined();
    });
  });

  describe('members', () => {
    const ada = { id: 'ada', name: 'Ada', email: 'ada@example.com' };
    const owned = ruleDocument('watch', { owner: { member: 'ada' } });

    it('a rule that names one is owned by that member as they are now', async () => {
      await store.members.put(change, ada);
      await store.rules.create(change, owned);
      await store.members.put(change, { ...ada, name: 'Ada L.', email: 'ada@example.org' });
      expect(await store.rulebook.rule(workspace, 'watch')).toMatchObject({
        version: '1',
        owner: { name: 'Ada L.', email: 'ada@example.org' },
      });
    });

    it('one who is not there is refused with the path', async () => {
      const refused = store.rules.create(change, owned);
      await expect(refused).rejects.toThrow(UnknownReferenceError);
      await expect(refused).rejects.toMatchObject({ path: 'owner.member' });
    });

    it('one who owns a rule cannot be deleted before the rule names another', async () => {
      await store.members.put(change, ada);
      await store.rules.create(change, owned);
      await expect(store.members.delete(change, 'ada')).rejects.toThrow(InUseError);
      await store.rules.replace(change, 'watch', ruleDocument('watch'));
      await store.members.delete(change, 'ada');
      expect(await store.members.get(workspace, 'ada')).toBeUndefined();
    });

    it('one who is deleted at the moment at which a rule names them leaves no rule without an owner', async () => {
      await store.members.put(change, ada);
      const outcomes = await Promise.allSettled([
        store.rules.create(change, owned),
        store.members.delete(change, 'ada'),
      ]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('are put, listed and deleted', async () => {
      expect(await store.members.put(change, ada)).toMatchObject({ ...ada, version: 1, created: true });
      expect(await store.members.put(change, ada)).toMatchObject({ version: 1, created: false });
      const moved = { ...ada, email: 'ada@example.org' };
      expect(await store.members.put(change, moved, { ifVersion: 1 })).toMatchObject({ version: 2 });
      await expect(store.members.put(change, ada, { ifVersion: 1 })).rejects.toThrow(VersionMismatchError);
      expect(await store.members.list(workspace, { limit: 10 })).toMatchObject([moved]);
      await store.members.delete(change, 'ada', { ifVersion: 2 });
      expect(await store.members.get(workspace, 'ada')).toBeUndefined();
      await expect(store.members.delete(change, 'ada')).rejects.toThrow(NotFoundError);
    });
  });
});
