import type { z } from 'zod';

/** What is wrong with a value that somebody wrote, and where. */
export interface Problem {
  /** In the form that people read, e.g. `steps[0].url`; empty for the whole value. */
  path: string;
  message: string;
}

/** Turns what a schema found into problems, one for each: unknown keys are reported one by one, at their own path. */
export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: pathOf([...issue.path, key]), message: 'is not a known key' }));
    }
    const path = pathOf(issue.path);
    // What is wrong with the key itself lies one level down.
    if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path, message }));
    return [{ path, message: issue.message }];
  });
}

/** A problem in one line: its path, when it has one, and its message. */
export function problemLine({ path, message }: Problem): string {
  return path === '' ? message : `${path}: ${message}`;
}

function pathOf(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    const name = String(key);
    if (!/^[\w-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
    return path === '' ? name : `${path}.${name}`;
  }, '');
}
