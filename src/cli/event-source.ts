/** Takes the `data` of server-sent events out of a stream of text, in the order in which they come; all else is skipped. */
export async function* dataOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let buffer = '';
  let data: string[] = [];
  for await (const chunk of chunks) {
    buffer += chunk;
    const lines = buffer.split(/\r\n|\n|\r(?!$)/);
    buffer = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '' && data.length > 0) {
        yield data.join('\n');
        data = [];
      } else if (line.startsWith('data:')) {
        data.push(line.slice('data:'.length).replace(/^ /, ''));
      }
    }
  }
}

/** The lines of a stream of text that ends each with a line feed. */
export async function* linesIn(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let buffer = '';
  for await (const chunk of chunks) {
    const lines = (buffer + chunk).split('\n');
    buffer = lines.pop() ?? '';
    yield* lines;
  }
}
