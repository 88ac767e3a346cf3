/**
 * What a caught value says. By its properties, not by its class: errors of Node's own modules are of another realm's
 * `Error` wherever code runs in a context of its own.
 */
export function messageOf(error: unknown): string {
  return property(error, 'message') ?? String(error);
}

/** A system error's code, e.g. `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return property(error, 'code');
}

/** A string that a caught value has under a name. */
export function property(error: unknown, name: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
}
