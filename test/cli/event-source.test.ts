import { dataOf } from '../../src/cli/event-source';

async function read(...chunks: string[]): Promise<string[]> {
  async function* source() {
    yield* chunks;
  }
  const all: string[] = [];
  for await (const data of dataOf(source())) all.push(data);
  return all;
}

it.each([
  ['events in one piece', ['data: a\n\ndata: b\n\n'], ['a', 'b']],
  ['an event in pieces', ['da', 'ta: a', 'b\n', '\n'], ['ab']],
  ['lines that end in CRLF, cut in between', ['data: a\r', '\n\r', '\ndata: b\r\n\r\n'], ['a', 'b']],
  ['data in several lines', ['data: a\ndata: b\n\n'], ['a\nb']],
  ['comments and other fields', [': hello\n\nevent: x\nid: 1\ndata:a\nretry: 5\n\n'], ['a']],
  ['an event that was cut off', ['data: a\n\ndata: b\n'], ['a']],
])('reads %s', async (_what, chunks, expected) => {
  expect(await read(...chunks)).toEqual(expected);
});
