import { NotFoundError, UnknownReferenceError, VersionMismatchError } from '../../src/store/errors';
import { validateRulebookDocument } from '../../src/rules/rulebook-document';
import type { Change } from '../../src/store/record';
import type { Scorecard } from '../../src/store/scorecard-store';
import type { ApplyResult, Store } from '../../src/store/store';
import { describeOnBothDatabases, forPortfolio, newWorkspace, ruleDocument } from '../support/stores';

const scorecard = (id: string, changed: Partial<Scorecard> = {}): Scorecard => ({
  id,
  domain: null,
  mine: false,
  followed: false,
  ...changed,
});

describeOnBothDatabases((databases) => {
  let store: Store;
  let change: Change;
  let workspace: string;

  beforeEach(async () => {
    store = await databases.shared();
    change = await newWorkspace(store);
    workspace = change.workspace;
  });

  const memberIds = async (portfolio: string) =>
    (await store.portfolios.members(workspace, portfolio, { limit: 100 })).map(({ id }) => id);

  describe('scorecards', () => {
    it('are found without regard to case, and keep the way in which they were first written', async () => {
      await store.scorecards.put(change, scorecard('Card-1', { mine: true }));
      expect(await store.scorecards.put(change, scorecard('CARD-1'))).toMatchObject({
        id: 'Card-1',
        mine: false,
        version: 2,
        created: false,
      });
      expect(await store.scorecards.get(workspace, 'card-1')).toMatchObject({ id: 'Card-1' });
    });

    it('one that is put as it is gets no version', async () => {
      await store.scorecards.put(change, scorecard('c'));
      expect(await store.scorecards.put(change, scorecard('c'))).toMatchObject({ version: 1 });
    });

    it('a version that is not the current one is refused; 0 means that it is not there', async () => {
      await store.scorecards.put(change, scorecard('c'), { ifVersion: 0 });
      const again = store.scorecards.put(change, scorecard('c', { mine: true }), { ifVersion: 0 });
      await expect(again).rejects.toThrow(VersionMismatchError);
      await expect(store.scorecards.delete(change, 'c', { ifVersion: 2 })).rejects.toThrow(
        VersionMismatchError,
      );
    });

    it('are listed by their flags and their domain', async () => {
      await store.scorecards.put(change, scorecard('a', { mine: true, domain: 'Example.com' }));
      await store.scorecards.put(change, scorecard('b', { followed: true }));
      await store.scorecards.put(change, scorecard('c'));
      const ids = async (filter: object) =>
        (await store.scorecards.list(workspace, { limit: 10, ...filter })).map(({ id }) => id);
      expect(await ids({})).toEqual(['a', 'b', 'c']);
      expect(await ids({ mine: true })).toEqual(['a']);
      expect(await ids({ followed: false })).toEqual(['a', 'c']);
      expect(await ids({ domain: 'example.COM' })).toEqual(['a']);
      expect(await ids({ after: 'A' })).toEqual(['b', 'c']);
    });

    it('an import leaves alone what it does not say', async () => {
      await store.scorecards.put(change, scorecard('a', { domain: 'a.example', mine: true }));
      const imported = [{ id: 'a', followed: true }, { id: 'b' }, { id: 'B', domain: 'b.example' }];
      expect(await store.scorecards.import(change, imported)).toEqual({
        created: 1,
        updated: 1,
        unchanged: 0,
      });
      expect(await store.scorecards.import(change, imported)).toEqual({
        created: 0,
        updated: 0,
        unchanged: 2,
      });
      expect(await store.scorecards.list(workspace, { limit: 10 })).toMatchObject([
        scorecard('a', { domain: 'a.example', mine: true, followed: true }),
        scorecard('b', { domain: 'b.example' }),
      ]);
    });

    it('thousands are imported at once', async () => {
      const many = Array.from({ length: 3_000 }, (_, n) => ({ id: `card-${n}`, mine: true }));
      expect(await store.scorecards.import(change, many)).toMatchObject({ created: 3_000 });
      expect(await store.scorecards.get(workspace, 'card-2999')).toMatchObject({ mine: true });
    });

    it('one that is deleted leaves its portfolios, and comes back with the next version', async () => {
      await store.portfolios.put(change, { id: 'p', name: null });
      await store.portfolios.addMembers(change, 'p', ['a', 'b']);
      await store.scorecards.delete(change, 'A');
      expect(await memberIds('p')).toEqual(['b']);
      expect(await store.portfolios.get(workspace, 'p')).toMatchObject({ scorecards: 1, version: 3 });
      expect(await store.scorecards.get(workspace, 'a')).toBeUndefined();
      await expect(store.scorecards.delete(change, 'a')).rejects.toThrow(NotFoundError);
      expect(await store.scorecards.put(change, scorecard('a'))).toMatchObject({ version: 3, created: true });
    });
  });

  describe('portfolios', () => {
    it('are put, listed with the number of their scorecards, and deleted', async () => {
      expect(await store.portfolios.put(change, { id: 'p', name: 'One' })).toMatchObject({
        version: 1,
        scorecards: 0,
        created: true,
      });
      await store.portfolios.addMembers(change, 'p', ['a', 'b']);
      expect(await store.portfolios.put(change, { id: 'p', name: 'Two' })).toMatchObject({
        version: 3,
        scorecards: 2,
        created: false,
      });
      expect(await store.portfolios.list(workspace, { limit: 10 })).toMatchObject([{ id: 'p', name: 'Two' }]);
      await store.portfolios.delete(change, 'p');
      expect(await store.portfolios.list(workspace, { limit: 10 })).toEqual([]);
      expect(await store.portfolios.put(change, { id: 'p', name: null })).toMatchObject({
        version: 5,
        scorecards: 0,
      });
    });

    it('a scorecard that is known by its domain is that one, and an unknown one is created', async () => {
      await store.scorecards.put(change, scorecard('card-1', { domain: 'example.com' }));
      await store.portfolios.put(change, { id: 'p', name: null });
      await store.portfolios.addMembers(change, 'p', ['EXAMPLE.com', 'new.example', 'card-2']);
      expect(await store.portfolios.members(workspace, 'p', { limit: 10 })).toEqual([
        scorecard('card-1', { domain: 'example.com' }),
        scorecard('card-2'),
        scorecard('new.example', { domain: 'new.example' }),
      ]);
    });

    it('adding twice changes nothing; removing and setting do', async () => {
      await store.portfolios.put(change, { id: 'p', name: null });
      await store.portfolios.addMembers(change, 'p', ['a', 'b', 'c']);
      await store.portfolios.addMembers(change, 'p', ['b', 'B']);
      expect(await store.portfolios.get(workspace, 'p')).toMatchObject({ version: 2 });
      await store.portfolios.removeMembers(change, 'p', ['A', 'unknown']);
      expect(await memberIds('p')).toEqual(['b', 'c']);
      await store.portfolios.setMembers(change, 'p', ['c', 'd']);
      expect(await memberIds('p')).toEqual(['c', 'd']);
      expect(await store.portfolios.members(workspace, 'p', { after: 'C', limit: 10 })).toHaveLength(1);
    });

    it('one that is not there has no members', async () => {
      await expect(store.portfolios.members(workspace, 'no', { limit: 1 })).rejects.toThrow(NotFoundError);
      await expect(store.portfolios.addMembers(change, 'no', ['a'])).rejects.toThrow(NotFoundError);
    });
  });

  it('issue types are replaced as a whole', async () => {
    expect(await store.issueTypes.all(workspace)).toEqual({});
    await store.issueTypes.set(change, { a: 'low', b: 'high' });
    await store.issueTypes.set(change, { b: 'info' });
    expect(await store.issueTypes.all(workspace)).toEqual({ b: 'info' });
  });

  describe('applying a document', () => {
    const apply = (source: object, dryRun = false): Promise<ApplyResult> =>
      store.apply(change, validateRulebookDocument(source).document, { dryRun });

    const whole = {
      rules: [ruleDocument('one'), ruleDocument('two', forPortfolio('vendors'))],
      scorecards: { mine: ['us.example'], followed: ['us.example', 'card-7'] },
      portfolios: [{ id: 'vendors', name: 'Vendors', scorecards: ['them.example'] }],
      issue_types: { spf_record_missing: 'medium' },
    };

    it('creates all that it holds, also what its rules refer to', async () => {
      expect(await apply(whole)).toEqual({
        rules: [
          { id: 'one', outcome: 'created', version: 1 },
          { id: 'two', outcome: 'created', version: 1 },
        ],
        scorecards: { created: 2, updated: 0, unchanged: 0 },
        portfolios: [{ id: 'vendors', outcome: 'created' }],
      });
      expect(await store.rules.get(workspace, 'one')).toMatchObject({ document: ruleDocument('one') });
      expect(await memberIds('vendors')).toEqual(['them.example']);
      expect(await store.issueTypes.all(workspace)).toEqual({ spf_record_missing: 'medium' });
      expect(await store.scorecards.get(workspace, 'us.example')).toMatchObject({
        domain: 'us.example',
        mine: true,
        followed: true,
      });
    });

    it('again, it changes nothing', async () => {
      await apply(whole);
      const again = await apply(whole);
      expect(again.rules.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
      expect(again.scorecards).toEqual({ created: 0, updated: 0, unchanged: 2 });
      expect(again.portfolios).toEqual([{ id: 'vendors', outcome: 'unchanged' }]);
    });

    it('updates what differs, and leaves alone what it does not name', async () => {
      await apply(whole);
      await store.rules.create(change, ruleDocument('three'));
      const changed = { rules: [ruleDocument('one', { name: 'New' })], portfolios: [{ id: 'vendors' }] };
      expect(await apply(changed)).toMatchObject({
        rules: [{ id: 'one', outcome: 'updated', version: 2 }],
        portfolios: [{ id: 'vendors', outcome: 'unchanged' }],
      });
      expect(await store.rules.list(workspace, { limit: 10 })).toHaveLength(3);
      expect(await memberIds('vendors')).toEqual(['them.example']);
      expect(await store.scorecards.get(workspace, 'card-7')).toMatchObject({ followed: true });
    });

    it('a dry run answers the same and leaves no trace', async () => {
      const before = await store.audit.list(workspace, { limit: 10 });
      expect(await apply(whole, true)).toEqual(await apply(whole, true));
      expect(await store.rules.list(workspace, { limit: 10 })).toEqual([]);
      expect(await store.scorecards.list(workspace, { limit: 10 })).toEqual([]);
      expect(await store.audit.list(workspace, { limit: 10 })).toEqual(before);
      expect(await apply(whole)).toMatchObject({ rules: [{ version: 1 }, { version: 1 }] });
    });

    it('a reference to nothing is refused with its path, and nothing of the document is applied', async () => {
      const refused = apply({ ...whole, portfolios: [] });
      await expect(refused).rejects.toThrow(UnknownReferenceError);
      await expect(refused).rejects.toMatchObject({ path: 'rules[1].filters.scorecards.portfolio_id' });
      expect(await store.scorecards.list(workspace, { limit: 10 })).toEqual([]);
    });

    it('what is known by its domain is not created again', async () => {
      await store.scorecards.put(change, scorecard('card-1', { domain: 'us.example' }));
      expect(await apply(whole)).toMatchObject({ scorecards: { created: 1, updated: 1, unchanged: 0 } });
      expect(await store.scorecards.get(workspace, 'card-1')).toMatchObject({ mine: true, followed: true });
    });
  });
});
