import { validateRulebookDocument } from '../../src/rules/rulebook-document';
import type { JsonObject } from '../../src/shared/json';
import { describeOnBothDatabases, ruleDocument, runSql } from '../support/stores';

const change = { workspace: 'default', actor: 'test' };

/** Takes back what all steps of the schema after the first have made. */
const BACK_TO_THE_FIRST_STEP = [
  ...['by_type', 'by_domain'].map((index) => `drop index events_${index}`),
  ...['type', 'domain', 'traceparent'].map((column) => `alter table events drop column ${column}`),
  'drop index escalations_of_origin',
  ...['outage_since', 'outage_told'].map((column) => `alter table destinations drop column ${column}`),
  ...['of_actor', 'of_action', 'by_time'].map((index) => `drop index audit_${index}`),
  'drop table channels',
  'drop table rule_notices',
  'drop table sessions',
  'drop table session_links',
  'drop table scorecard_states',
  'drop table escalations',
  'drop table escalation_windows',
  'drop table destination_calls',
  ...['disabled_at', 'disabled_by', 'disabled_reason', 'open_until', 'trips'].map(
    (column) => `alter table destinations drop column ${column}`,
  ),
  'drop table calling_processes',
  ...['rule_calls', 'credentials', 'signing_keys', 'egress_proxies'].map((table) => `drop table ${table}`),
  ...['by_origin', 'of_auth', 'of_tls'].map((index) => `drop index destinations_${index}`),
  ...['version', 'auth', 'tls', 'limits', 'created_at', 'updated_at', 'updated_by'].map(
    (column) => `alter table destinations drop column ${column}`,
  ),
  `delete from facts where name = 'encryption-check'`,
  'update schema_version set version = 1',
];

describeOnBothDatabases((databases) => {
  it('a store from before events had their type and domain beside them finds them by these', async () => {
    const settings = await databases.create();
    const before = await databases.open(settings);
    const ids = Array.from({ length: 250 }, (_, nth) => `e-${nth + 100}`);
    const register = (id: string, more: { type: string; data: JsonObject; domain?: string }) =>
      before.events.register('default', { id, hash: 'a', event: { ...more, id } }, []);
    for (const id of ids) await register(id, { type: 'invoice.paid', data: {}, domain: `${id}.example` });
    // PostgreSQL has no such character in its texts, nor reads a JSON text that names it.
    await register('odd', { type: 'invoice.sent', data: { text: '\u0000' } });
    await before.close();
    for (const statement of BACK_TO_THE_FIRST_STEP) await runSql(settings, statement);

    const { events } = await databases.open(settings);
    const found = async (which: object) =>
      (await events.list('default', { limit: 1_000, ...which })).events.map(({ id }) => id);
    expect((await found({ type: 'invoice.paid' })).sort()).toEqual(ids);
    expect(await found({ domain: 'e-349.example' })).toEqual(['e-349']);
    expect(await found({ type: 'invoice.sent' })).toEqual(['odd']);
  });

  it('a store from before there were secrets knows what its rules call, and keeps how receivers are doing', async () => {
    const settings = await databases.create();
    const before = await databases.open(settings);
    const calls = (...urls: string[]) => ({ steps: urls.map((url) => ({ action: 'call_webhook', url })) });
    const origins = Array.from({ length: 250 }, (_, nth) => `https://host-${nth + 100}.example`);
    const rules = origins.map((origin, nth) => ruleDocument(`r-${nth}`, calls(`${origin}/x`)));
    const { document } = validateRulebookDocument({ rules });
    await before.apply(change, document, { dryRun: false });
    await before.rules.create(change, ruleDocument('gone', calls('https://gone.example')));
    await before.rules.delete(change, 'gone');
    await before.rules.create(change, ruleDocument('odd', calls('https://odd.example')));
    await before.destinations.recordFailure('default', 'https://a.example', { at: '2026', error: '500' });
    await before.close();
    await runSql(settings, `update rules set document = '{"id": "odd"}' where id = 'odd'`);
    for (const statement of BACK_TO_THE_FIRST_STEP) await runSql(settings, statement);

    const store = await databases.open(settings);
    const found = await store.destinations.list('default', { limit: 1_000 });
    expect(found.map(({ origin }) => origin)).toEqual(['https://a.example', ...origins]);
    expect(found[0]).toMatchObject({ version: 0, health: { consecutiveFailures: 1 } });
  });
});
