import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** What is wrong with a value that somebody wrote, and where. */
export interface Problem {
  /** In the form that people read, e.g. `steps[0].url`; empty for the whole value. */
  path: string;
  message: string;
}

/**
 * Turns what a schema found into problems, one for each: unknown keys are reported one by one, at their own path. Where
 * a value may have one of several shapes, the problems are those with the shape that it comes closest to.
 */
export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, []));
}

function problemsOfIssue(issue: Issue, above: readonly PropertyKey[]): Problem[] {
  const at = [...above, ...issue.path];
  const path = pathOf(at);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: pathOf([...at, key]), message: 'is not a known key' }));
  }
  // What is wrong with the key itself lies one level down.
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path, message }));
  const shape = issue.code === 'invalid_union' ? closest(issue.errors) : undefined;
  return shape?.flatMap((each) => problemsOfIssue(each, at)) ?? [{ path, message: issue.message }];
}

/** Of the shapes that a value may have, the one that it was meant to have, as far as that can be told. */
function closest(shapes: readonly Issue[][]): Issue[] | undefined {
  const distance = (issues: Issue[]) => issues.length + 1_000 * issues.filter(isOfAnotherKind).length;
  return shapes.reduce<Issue[] | undefined>(
    (best, each) => (best === undefined || distance(each) < distance(best) ? each : best),
    undefined,
  );
}

/** Another kind of value altogether, or an object that says itself that it is another. */
function isOfAnotherKind({ code, path }: Issue): boolean {
  if (path.length === 0) return code === 'invalid_type' || code === 'invalid_value';
  return path.length === 1 && path[0] === 'type';
}

/** A problem in one line: its path, when it has one, and its message. */
export function problemLine({ path, message }: Problem): string {
  return path === '' ? message : `${path}: ${message}`;
}

/** Keys as a path that people read. */
export function pathOf(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    const name = String(key);
    if (!/^[\w-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
    return path === '' ? name : `${path}.${name}`;
  }, '');
}
