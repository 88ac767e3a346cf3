import { eventStream } from '../../src/api/event-stream';

async function* values(...given: unknown[]): AsyncGenerator {
  yield* given;
}

function never(): AsyncIterator<unknown> {
  return { next: () => new Promise(() => undefined) };
}

async function collect(stream: AsyncIterable<string>, upTo = Infinity): Promise<string[]> {
  const collected: string[] = [];
  for await (const text of stream) {
    collected.push(text);
    if (collected.length >= upTo) break;
  }
  return collected;
}

const open = () => new AbortController().signal;

it('has an event for each value, on one line each, and ends with them', async () => {
  const stream = eventStream(values({ kind: 'a' }, { text: 'one\ntwo' }), open());
  expect(await collect(stream)).toEqual([
    ': following\n\n',
    'data: {"kind":"a"}\n\n',
    'data: {"text":"one\\ntwo"}\n\n',
  ]);
});

it('says that it is alive while nothing comes', async () => {
  const [first, ...beats] = await collect(eventStream(never(), open(), 5), 4);
  expect(first).toMatch(/^:/);
  expect(new Set(beats)).toEqual(new Set([': still here\n\n']));
});

it('ends when it is aborted, although nothing comes', async () => {
  const abort = new AbortController();
  const stream = eventStream(never(), abort.signal);
  await stream.next();
  const end = stream.next();
  abort.abort();
  expect(await end).toEqual({ done: true, value: undefined });
});

it('ends cleanly when the values end because of the abort', async () => {
  const abort = new AbortController();
  const failing = { next: () => (abort.abort(), Promise.reject(new Error('cancelled'))) };
  expect(await collect(eventStream(failing, abort.signal))).toEqual([': following\n\n']);
});

it('breaks with the values', async () => {
  const failing = { next: () => Promise.reject(new Error('away')) };
  await expect(collect(eventStream(failing, open()))).rejects.toThrow('away');
});
