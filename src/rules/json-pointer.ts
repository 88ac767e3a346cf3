import { isObject } from './json-value';

/** The keys that a JSON pointer (`/lines/0/sku`) is made of, those of lists as numbers. */
export function keysOfPointer(pointer: string, value: unknown): (string | number)[] {
  let at = value;
  return pointer
    .split('/')
    .slice(1)
    .map((escaped) => {
      const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
      if (Array.isArray(at)) {
        at = at[Number(name)];
        return Number(name);
      }
      at = isObject(at) ? at[name] : undefined;
      return name;
    });
}
