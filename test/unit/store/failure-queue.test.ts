import type { Outage } from '../../../src/store/destination-store';
import { FailureQueue } from '../../../src/store/failure-queue';

const ORIGIN = 'https://hooks.example.com';
const failure = (error: string) => ({ at: '2026-11-26T00:00:00.000Z', error });

/** A write that ends when it is told. */
interface Write {
  origin: string;
  errors: string[];
  end: (outage?: Outage) => void;
  fail: (error: Error) => void;
}

function queueOfWrites(): { queue: FailureQueue; writes: Write[]; begun: () => Promise<void> } {
  const writes: Write[] = [];
  const queue = new FailureQueue(
    (_workspace, origin, failures) =>
      new Promise((end, fail) => {
        writes.push({ origin, errors: failures.map(({ error }) => error), end, fail });
      }),
  );
  // All that can begin has begun once the promises that are settled have been looked at.
  return { queue, writes, begun: () => new Promise((resolve) => setImmediate(resolve)) };
}

it('failures that come while one is written are written together after it', async () => {
  const { queue, writes, begun } = queueOfWrites();
  const first = queue.add('default', ORIGIN, failure('one'));
  await begun();
  const others = ['two', 'three'].map((error) => queue.add('default', ORIGIN, failure(error)));
  await begun();
  expect(writes.map(({ errors }) => errors)).toEqual([['one']]);
  writes[0]?.end();
  await first;
  await begun();
  writes[1]?.end();
  await Promise.all(others);
  expect(writes.map(({ errors }) => errors)).toEqual([['one'], ['two', 'three']]);
});

it('a destination waits for no other, and neither does the same one of another workspace', async () => {
  const { queue, writes, begun } = queueOfWrites();
  void queue.add('default', ORIGIN, failure('one'));
  void queue.add('default', 'https://other.example.com', failure('two'));
  void queue.add('other', ORIGIN, failure('three'));
  await begun();
  expect(writes.map(({ errors }) => errors)).toEqual([['one'], ['two'], ['three']]);
});

it('one of those whose failures were written together is told to disable the destination', async () => {
  const { queue, writes, begun } = queueOfWrites();
  const told = ['one', 'two'].map((error) => queue.add('default', ORIGIN, failure(error)));
  await begun();
  const outage = { reason: 'it is gone', failingSince: '2026-11-20T00:00:00.000Z' };
  writes[0]?.end(outage);
  expect(await Promise.all(told)).toEqual([outage, undefined]);
});

it('a write that fails is told to those whose failures it had, and the next one is made', async () => {
  const { queue, writes, begun } = queueOfWrites();
  const lost = ['one', 'two'].map((error) => queue.add('default', ORIGIN, failure(error)));
  await begun();
  const next = queue.add('default', ORIGIN, failure('three'));
  writes[0]?.fail(new Error('the store is away'));
  const results = await Promise.allSettled(lost);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await begun();
  writes[1]?.end();
  await next;
  expect(writes[1]?.errors).toEqual(['three']);
});

it('what was written is forgotten', async () => {
  const { queue, writes, begun } = queueOfWrites();
  for (const error of ['one', 'two']) {
    const added = queue.add('default', ORIGIN, failure(error));
    await begun();
    writes.at(-1)?.end();
    await added;
  }
  expect(writes.map(({ errors }) => errors)).toEqual([['one'], ['two']]);
});
