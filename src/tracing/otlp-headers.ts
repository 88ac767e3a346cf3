/** RFC 9110's token. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What a header's value may have. */
const VALUE = /^[\x20-\x7e]+$/;

/**
 * Reads OpenTelemetry's form of headers: `name=value`, separated by commas, values percent-encoded.
 *
 * @throws Error that says which entry is wrong by its number, and repeats nothing of it: values are secrets
 */
export function parseOtlpHeaders(text: string): Record<string, string> {
  const entries = text.split(',').filter((entry) => entry.trim() !== '');
  return Object.fromEntries(
    entries.map((entry, index) => {
      const at = entry.indexOf('=');
      const name = entry.slice(0, Math.max(at, 0)).trim();
      const value = decoded(entry.slice(at + 1).trim());
      if (NAME.test(name) && value !== undefined && VALUE.test(value)) return [name, value];
      throw new Error(`entry ${index + 1} is not of the form name=value, percent-encoded`);
    }),
  );
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
