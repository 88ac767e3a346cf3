/** A program that writes to a SQLite store without end, and says on stdout what was acknowledged. Argument: the data folder. */
const { writeSync } = require('node:fs');
const { openStore } = require('../../dist/store/open-store.js');

const change = { workspace: 'default', actor: 'writer' };
const acknowledge = (kind, id) => writeSync(1, `${kind} ${id}\n`);

function rule(id) {
  return {
    id,
    name: 'A rule',
    owner: { email: 'ada@example.com' },
    filters: { changes: { value: 'grade_drop' }, scorecards: { value: 'followed' } },
    steps: [{ action: 'call_webhook', url: 'https://example.com/hook' }],
  };
}

function matches(count) {
  return Array.from({ length: count }, (_, n) => ({
    ruleId: `rule-${n}`,
    ruleVersion: 1,
    executionId: `execution-${n}`,
    reason: 'the grade fell',
    trigger: { type: 'grade_drop' },
  }));
}

async function writeEvents(store, who) {
  for (let n = 0; ; n += 1) {
    const id = `${process.pid}-${who}-${n}`;
    const event = { type: 'scorecard.changed', scorecard_id: 'c', domain: 'example.com', id };
    await store.events.register('default', { id, hash: 'a', event }, matches(150));
    acknowledge('event', id);
    store.events.markStarted('default', { id, event, receivedAt: new Date().toISOString() });
  }
}

async function writeRules(store) {
  for (let n = 0; ; n += 1) {
    const id = `rule-${process.pid}-${n}`;
    await store.rules.create(change, rule(id));
    acknowledge('rule', id);
  }
}

openStore({ dataFolder: process.argv[2] }).then((store) =>
  Promise.all([writeRules(store), ...[1, 2, 3].map((who) => writeEvents(store, who))]),
);
