const { default: Sequencer } = require('@jest/test-sequencer');

/** Folders of tests that start programs and wait for them, the slowest first. */
const SLOW = ['faults', 'browser', 'integration', 'workflows', 'ingest'];

/** Begins with the slow ones, so that in the end no worker is left alone with one of minutes. */
module.exports = class SlowFirst extends Sequencer {
  async sort(tests) {
    const rank = ({ path }) => SLOW.findIndex((folder) => path.includes(`/test/${folder}/`));
    const sorted = await super.sort(tests);
    return [...SLOW.keys(), -1].flatMap((wanted) => sorted.filter((test) => rank(test) === wanted));
  }
};
