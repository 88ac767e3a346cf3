import { useCallback } from 'preact/hooks';
import { useSearchParams } from 'wouter-preact';

/**
 * Filters that live in the address, so that a link or a reload keeps them.
 *
 * @returns the present ones, and what changes some of them: an empty text takes one away
 */
export function useUrlState<Name extends string>(
  names: readonly Name[],
): [Partial<Record<Name, string>>, (changes: Partial<Record<Name, string>>) => void] {
  const [parameters, setParameters] = useSearchParams();
  const state: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = parameters.get(name);
    if (value !== null && value !== '') state[name] = value;
  }
  const change = useCallback(
    (changes: Partial<Record<Name, string>>) => {
      setParameters(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes) as [Name, string | undefined][]) {
            if (value === undefined || value === '') after.delete(name);
            else after.set(name, value);
          }
          return after;
        },
        { replace: true },
      );
    },
    [setParameters],
  );
  return [state, change];
}
