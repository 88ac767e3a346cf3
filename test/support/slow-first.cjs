const { default: Sequencer } = require('@jest/test-sequencer');

/** Tests that start programs and wait for them, or work long, by the beginnings of their paths; the slowest first. */
const SLOW = [
  'faults',
  'browser',
  'integration',
  'replay',
  'workflows',
  'ingest',
  'store/many-rules',
  'api/away',
];

/** Begins with the slow ones, so that in the end no worker is left alone with one of minutes. */
module.exports = class SlowFirst extends Sequencer {
  async sort(tests) {
    const rank = ({ path }) => SLOW.findIndex((beginning) => path.includes(`/test/${beginning}`));
    const sorted = await super.sort(tests);
    return [...SLOW.keys(), -1].flatMap((wanted) => sorted.filter((test) => rank(test) === wanted));
  }
};
