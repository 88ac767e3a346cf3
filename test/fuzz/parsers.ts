import type { FuzzTarget } from './fuzz';
import { documentFuzzes } from './parsers/documents';
import { expressionFuzzes } from './parsers/expressions';
import { textFuzzes } from './parsers/texts';

/** What people write: none may end otherwise than by being read or being refused with a reason, and soon. */
export async function openParsers(): Promise<FuzzTarget> {
  return { fuzzes: [...documentFuzzes, ...expressionFuzzes, ...textFuzzes] };
}
