import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { EventConflictError, InvalidEventError } from '../../src/ingest/event-intake';
import { MAX_DIRECT_STARTS } from '../../src/ingest/event-starter';
import { until } from '../support/executions';
import { createLocalEnvironment } from '../support/temporal';
import { temporaryFolder } from '../support/temporary-folder';
import { CHANGE, IntakeLab, manyRules, putRules, WORKSPACE } from './intake-lab';

const CONNECTIONS = 50;

let environment: TestWorkflowEnvironment;
let lab: IntakeLab;
beforeEach(async () => {
  environment = await createLocalEnvironment();
  lab = await IntakeLab.open(environment.nativeConnection, temporaryFolder());
});
afterEach(async () => {
  await lab.close();
  await environment.teardown();
});

/** How many there are, once there are as many as `least`: visibility may lag behind. */
async function countOf(type: 'executeRule' | 'dispatchEvent', least: number): Promise<number> {
  await until(async () => ((await lab.workflows(type)) >= least ? true : undefined));
  return lab.workflows(type);
}

describe('what another process has changed a moment before', () => {
  const createRule = () => lab.elsewhere((store) => putRules(store, manyRules(1)));

  it('is in force: a rule that was created matches', async () => {
    await lab.accept({ id: 'before' });
    await createRule();
    expect(await lab.accept({ id: 'after' })).toMatchObject({
      matched: 1,
      executions: [{ ruleId: 'rule-1' }],
    });
  });

  it('is in force: a rule that was deleted does not match', async () => {
    await lab.putRules(...manyRules(1));
    await lab.elsewhere((store) => store.rules.delete(CHANGE, 'rule-1'));
    expect(await lab.accept()).toMatchObject({ matched: 0, executions: [] });
  });

  it('is in force for a trial of one rule', async () => {
    await createRule();
    const trial = { ...lab.event(), trial: { rule_id: 'rule-1' } };
    expect(await lab.intake.accept(WORKSPACE, trial)).toMatchObject({ matched: 1 });
  });

  it('changes nothing for an event that was accepted before', async () => {
    const first = await lab.accept();
    await createRule();
    expect(await lab.accept({ id: first.eventId })).toMatchObject({ duplicate: true, matched: 0 });
  });

  it('is in force for each of many events at once', async () => {
    await createRule();
    const accepted = await Promise.all(
      Array.from({ length: CONNECTIONS }, (_, n) => lab.accept({ id: `e-${n}` })),
    );
    expect(accepted.filter(({ matched }) => matched === 1)).toHaveLength(CONNECTIONS);
  });
});

describe('an event that matches two rules of three', () => {
  beforeEach(async () => {
    await lab.putRules(...manyRules(2));
    await lab.store.rules.create(CHANGE, {
      id: 'breach',
      name: 'Breach',
      owner: { email: 'ada@example.com' },
      filters: { changes: { value: 'breach_reported' }, scorecards: { value: 'followed' } },
      steps: [{ action: 'call_webhook', url: 'https://example.com/hook' }],
    });
  });

  it('starts two executions, and says which', async () => {
    const { executions, state } = await lab.accept();
    expect(executions.map(({ ruleId }) => ruleId)).toEqual(['rule-1', 'rule-2']);
    expect(state).toBe('started');
    expect(await countOf('executeRule', 2)).toBe(2);
  });

  it('says why the third did not match when asked', async () => {
    const { unmatched } = await lab.intake.accept(WORKSPACE, lab.event(), { explain: 10 });
    expect(unmatched).toEqual({
      total: 1,
      rules: [{ ruleId: 'breach', reason: 'the event reports no breach' }],
    });
  });

  it('starts nothing more when it comes again', async () => {
    const first = await lab.accept();
    expect(await lab.accept()).toEqual({ ...first, duplicate: true });
    expect(await countOf('executeRule', 2)).toBe(2);
  });

  it('answers what was decided the first time although the rules have changed since', async () => {
    const first = await lab.accept();
    await lab.putRules({ id: 'rule-0', urls: ['https://example.com/new'] });
    await lab.store.rules.delete(CHANGE, 'rule-2');
    expect(await lab.accept()).toEqual({ ...first, duplicate: true });
    expect(await countOf('executeRule', 2)).toBe(2);
  });

  it('is refused when another event has its id', async () => {
    await lab.accept();
    await expect(lab.accept({ domain: 'example.org' })).rejects.toThrow(EventConflictError);
  });

  it('is the same event when only the order of its keys differs', async () => {
    const { id, ...rest } = lab.event() as unknown as Record<string, unknown>;
    await lab.accept();
    const turned = Object.fromEntries(Object.entries({ ...rest, id }).reverse());
    expect(await lab.accept(turned)).toMatchObject({ duplicate: true });
  });

  it('starts each execution once when it comes over 50 connections at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: CONNECTIONS }, () => lab.accept()));
    expect(new Set(answers.map(({ executions }) => JSON.stringify(executions))).size).toBe(1);
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(await countOf('executeRule', 2)).toBe(2);
  });

  it('starts anew under another id', async () => {
    await lab.accept();
    await lab.accept({ id: 'evt_other' });
    expect(await countOf('executeRule', 4)).toBe(4);
  });
});

describe('a trial', () => {
  beforeEach(() => lab.putRules(...manyRules(2)));

  it('starts its rule alone', async () => {
    const { executions } = await lab.accept({ trial: { rule_id: 'rule-2' } });
    expect(executions.map(({ ruleId }) => ruleId)).toEqual(['rule-2']);
  });

  it('does not use up the id of the real event', async () => {
    await lab.accept({ trial: { rule_id: 'rule-2' } });
    expect(await lab.accept()).toMatchObject({ duplicate: false, matched: 2 });
  });

  it('of a rule that is not there is refused, with the path', async () => {
    const refused = lab.accept({ trial: { rule_id: 'rule-3' } });
    await expect(refused).rejects.toThrow(
      new InvalidEventError([{ path: 'trial.rule_id', message: 'is not the id of a rule' }]),
    );
  });
});

describe('an event that matches more rules than are started at once', () => {
  beforeEach(() => lab.putRules(...manyRules(MAX_DIRECT_STARTS + 1)));

  it('is left to one dispatcher', async () => {
    expect(await lab.accept()).toMatchObject({ state: 'on_its_way', matched: MAX_DIRECT_STARTS + 1 });
    expect(await countOf('dispatchEvent', 1)).toBe(1);
  });

  it('has one dispatcher although it comes over 50 connections at the same moment', async () => {
    await Promise.all(Array.from({ length: CONNECTIONS }, () => lab.accept()));
    expect(await countOf('dispatchEvent', 1)).toBe(1);
  });

  it('has the executions that the answer names once a batch was started, and those alone', async () => {
    const { executions, eventId } = await lab.accept();
    const batch = { workspace: WORKSPACE, eventKey: eventId, offset: 0, limit: 50 };
    expect(await lab.starter.startBatch(batch)).toEqual({ started: MAX_DIRECT_STARTS + 1, existed: 0 });
    expect(await lab.starter.startBatch(batch)).toEqual({ started: 0, existed: MAX_DIRECT_STARTS + 1 });
    expect(await countOf('executeRule', executions.length)).toBe(executions.length);
  });
});

describe("an event of the sender's own type that has a schema", () => {
  const invoice = { id: 'inv-1', type: 'invoice.paid' };
  beforeEach(() =>
    lab.store.eventTypes.put(CHANGE, {
      name: 'invoice.paid',
      description: null,
      schema: { type: 'object', required: ['amount'], properties: { amount: { type: 'number' } } },
    }),
  );

  it('is accepted when its data fits', async () => {
    const accepted = lab.intake.accept(WORKSPACE, { ...invoice, data: { amount: 3 } });
    await expect(accepted).resolves.toMatchObject({ matched: 0 });
  });

  it('is refused with the path of what does not fit', async () => {
    const refused = lab.intake.accept(WORKSPACE, { ...invoice, data: { amount: 'three' } });
    await expect(refused).rejects.toThrow(/data\.amount/);
  });

  it('is held to the schema as it is now', async () => {
    await lab.intake.accept(WORKSPACE, { ...invoice, data: { amount: 3 } });
    await lab.store.eventTypes.put(CHANGE, { name: 'invoice.paid', description: null, schema: null });
    const accepted = lab.intake.accept(WORKSPACE, { ...invoice, id: 'inv-2', data: {} });
    await expect(accepted).resolves.toMatchObject({ matched: 0 });
  });
});

describe('an event that was recorded and then left', () => {
  const fresh = { id: 'evt_left' };
  beforeEach(() => lab.putRules(...manyRules(2)));

  async function record() {
    const index = await lab.accept({ id: 'evt_else' });
    const matches = await lab.store.events.matches(WORKSPACE, index.eventId, { offset: 0, limit: 9 });
    const left = matches.map((match, nth) => ({
      ...match,
      executionId: `00000000-0000-4000-8000-00000000000${nth}`,
    }));
    const event = lab.event(fresh);
    return lab.store.events.register(WORKSPACE, { id: 'evt_left', hash: 'h', event }, left);
  }

  it('is taken back when nothing of it was started', async () => {
    await record();
    await lab.pending.settle(0);
    expect(await lab.store.events.get(WORKSPACE, 'evt_left')).toBeUndefined();
  });

  it('is brought to its end when some of it was started', async () => {
    const { stored } = await record();
    await lab.starter.startBatch({ workspace: WORKSPACE, eventKey: stored.id, offset: 0, limit: 1 });
    await lab.pending.settle(0);
    expect(await countOf('executeRule', 4)).toBe(4);
  });

  it('is left alone while a request may still be at it', async () => {
    await record();
    await lab.pending.settle();
    expect(await lab.store.events.get(WORKSPACE, 'evt_left')).toMatchObject({ state: 'pending' });
  });
});
