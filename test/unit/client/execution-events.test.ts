import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow';
import { progressLine, type ProgressEvent } from '../../../src/cli/progress-line';
import { ExecutionEventReader, type ExecutionEvent } from '../../../src/client/execution-events';
import { eventsOf } from './recorded-events';

/** What happened in a recorded execution. */
async function happenedIn(name: string): Promise<ExecutionEvent[]> {
  const reader = new ExecutionEventReader(loadDataConverter());
  const happened = [];
  for (const event of eventsOf(name)) happened.push(...(await reader.read(event)));
  return happened;
}

it.each([
  ['success', ['calling', 'delivered', 'ended']],
  ['skipped-step', ['calling', 'delivered', 'calling', 'skipped', 'calling', 'delivered', 'ended']],
  ['escalated-at-once', ['calling', 'failed', 'escalating', 'mailed', 'ended']],
  ['retry-now-delivered', ['calling', 'failed', 'waiting', 'retry-now', 'calling', 'delivered', 'ended']],
  ['cancelled-in-a-wait', ['calling', 'failed', 'waiting', 'cancelling', 'ended']],
  ['held-then-released', ['calling', 'held', 'waiting', 'released', 'calling', 'delivered', 'ended']],
  [
    'paused-between-two-steps',
    ['calling', 'paused', 'delivered', 'resumed', 'calling', 'delivered', 'ended'],
  ],
])('the events of %s are what happened, in order', async (name, kinds) => {
  expect((await happenedIn(name)).map(({ kind }) => kind)).toEqual(kinds);
});

it('a skipped step is told with its reason, in one line', async () => {
  const skipped = (await happenedIn('skipped-step')).find(({ kind }) => kind === 'skipped');
  // As it goes over the wire.
  const sent = JSON.parse(JSON.stringify(skipped)) as ProgressEvent;
  expect(progressLine(sent, 'watch')).toMatch(
    /^\d{4}-\S+Z {2}watch {2}- skipped: trigger\.current\.score is 78, which is not below 50$/,
  );
});

it('a hold is told with its reason, and until when', async () => {
  const lines = (await happenedIn('held-then-released')).map((event) =>
    progressLine(JSON.parse(JSON.stringify(event)) as ProgressEvent, 'watch'),
  );
  expect(lines.slice(1, 3)).toEqual([
    expect.stringMatching(/‖ held: the rule is paused since 2026-07-10T00:00:00\.000Z$/),
    expect.stringMatching(/… waits: looks again at \d{4}-\S+Z, given up at \d{4}-\S+Z$/),
  ]);
});

it('a cancellation is told with who asked for it, and why', async () => {
  const asked = eventsOf('cancelled-in-a-wait').find(
    ({ workflowExecutionCancelRequestedEventAttributes: attributes }) => attributes,
  );
  Object.assign(asked?.workflowExecutionCancelRequestedEventAttributes ?? {}, {
    identity: 'key/ada',
    cause: 'sent by mistake',
  });
  const [told] = await new ExecutionEventReader(loadDataConverter()).read(asked ?? {});
  expect(progressLine(JSON.parse(JSON.stringify(told)) as ProgressEvent, 'watch')).toMatch(
    /■ is cancelled by key\/ada: sent by mistake$/,
  );
});
