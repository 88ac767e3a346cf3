import type { JsonObject } from '../../shared/json';
import { OPERATORS, rowsOf } from './filter-rows';

/** A filter in words, or as it is when rows cannot say it. @param within what its fields lie in */
export function FilterWords({ filter, within }: { filter: JsonObject; within?: string }) {
  const rows = rowsOf(filter);
  if (rows === undefined) return <code class="break">{JSON.stringify(filter)}</code>;
  return (
    <>
      {rows.map(({ field, operator, value }, index) => (
        <span key={`${field} ${operator}`}>
          {index > 0 && <span class="faint"> and </span>}
          <code class="break">{within === undefined ? field : `${within}.${field}`}</code>{' '}
          {operator === '$exists' && value === 'false' ? 'is not there' : OPERATORS[operator]}{' '}
          {operator !== '$exists' && <code class="break">{value}</code>}
        </span>
      ))}
    </>
  );
}
