import type { Info } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { ruleGone } from '../../../src/activities/rule-gone';

const HOUR = 3_600_000;
const GRACE = HOUR / 6;

/** The failure of a run that does not find its rule. @returns and what it tells the later runs */
async function run(info: Partial<Info>) {
  const environment = new MockActivityEnvironment(info);
  const told: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => told.push(details));
  const failure = await environment.run<[], ApplicationFailure, () => Promise<ApplicationFailure>>(async () =>
    ruleGone('rule watch was deleted', GRACE),
  );
  return { isFinal: failure.nonRetryable, told };
}

describe('an attempt that does not find its rule', () => {
  it('is tried again, also when it has waited for room for hours before', async () => {
    const { isFinal } = await run({ scheduledTimestampMs: 0, currentAttemptScheduledTimestampMs: 5 * HOUR });
    expect(isFinal).toBe(false);
  });

  it('tells the later ones since when', async () => {
    const { told } = await run({ currentAttemptScheduledTimestampMs: 5 * HOUR });
    expect(told).toEqual([5 * HOUR]);
  });

  it('passes on since when', async () => {
    const { told } = await run({
      currentAttemptScheduledTimestampMs: 5 * HOUR,
      heartbeatDetails: 5 * HOUR - 1,
    });
    expect(told).toEqual([5 * HOUR - 1]);
  });

  it.each([
    [GRACE - 1, false],
    [GRACE, true],
  ])('%i ms after the first that did not: is it the last? %s', async (later, expected) => {
    const { isFinal } = await run({
      currentAttemptScheduledTimestampMs: HOUR + later,
      heartbeatDetails: HOUR,
    });
    expect(isFinal).toBe(expected);
  });
});
