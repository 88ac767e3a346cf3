import type { Json } from '../../shared/json';
import { asText } from './document';
import type { Change } from './changes';

/** What was, and what came in its place; told by signs and words, not by colour alone. */
export function ChangeList({ changes, label }: { changes: readonly Change[]; label: string }) {
  return (
    <dl class="changes" aria-label={label}>
      {changes.map(({ path, from, to }) => (
        <div key={path} class="change">
          <dt class="mono break">{path === '' ? 'the whole rule' : path}</dt>
          {from !== undefined && <Side sign="−" word="before" kind="from" value={from} />}
          {to !== undefined && <Side sign="+" word="after" kind="to" value={to} />}
        </div>
      ))}
    </dl>
  );
}

function Side({ sign, word, kind, value }: { sign: string; word: string; kind: string; value: Json }) {
  const isLarge = typeof value === 'object' && value !== null;
  return (
    <dd class={`change-${kind}`}>
      <span aria-hidden="true">{sign}</span>
      <span class="visually-hidden">{word}: </span>
      <span class="mono break change-value">{isLarge ? JSON.stringify(value, null, 2) : asText(value)}</span>
    </dd>
  );
}
