/** A URL, or undefined when the text is none. Not `URL.canParse`: that of Node 20.3 errs on non-ASCII once it is hot. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
