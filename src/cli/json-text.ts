const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * Lays JSON out in lines as `JSON.stringify` does, from its text rather than its value: so numbers stay as they were
 * written, those of 64 bits too.
 *
 * @returns undefined when the text is no JSON
 */
export function prettyJson(text: string): string | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const tokens = text.match(TOKEN) ?? [];
  const output: string[] = [];
  let depth = 0;
  const newLine = () => `\n${'  '.repeat(depth)}`;
  tokens.forEach((token, index) => {
    const isEmpty = /^[}\]]$/.test(tokens[index + 1] ?? '');
    switch (token) {
      case '{':
      case '[':
        depth += 1;
        output.push(token, isEmpty ? '' : newLine());
        break;
      case '}':
      case ']':
        depth -= 1;
        output.push(/^[{[]$/.test(tokens[index - 1] ?? '') ? '' : newLine(), token);
        break;
      case ',':
        output.push(token, newLine());
        break;
      case ':':
        output.push(': ');
        break;
      default:
        output.push(token);
    }
  });
  return output.join('');
}
