import { Search } from 'lucide-preact';
import type { StoredRule } from '../../api/rules';
import { isPaused } from '../../rules/paused';
import { ruleSentence } from '../../rules/sentence';

/** The filters, as the address names them. */
export const RULE_FILTERS = ['q', 'state'] as const;

type Filter = Partial<Record<(typeof RULE_FILTERS)[number], string>>;

const STATES = [
  { value: undefined, label: 'All' },
  { value: 'active', label: 'Active' },
  { value: 'paused', label: 'Paused' },
] as const;

/** Whether each word that is looked for stands in the rule: in its id, its sentence or anything that was written in it. */
export function fitsFilter({ id, document }: StoredRule, { q = '', state }: Filter): boolean {
  if (state !== undefined && isPaused(document) !== (state === 'paused')) return false;
  const text = `${id} ${ruleSentence(document)} ${JSON.stringify(document)}`.toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function RuleFilters({ filter, onChange }: { filter: Filter; onChange: (changes: Filter) => void }) {
  return (
    <div class="card-head">
      <div class="search grow">
        <Search size={16} aria-hidden="true" />
        <input
          class="input"
          type="search"
          aria-label="Search rules"
          placeholder="Name, URL, owner, event"
          value={filter.q ?? ''}
          onInput={(event) => {
            onChange({ q: event.currentTarget.value });
          }}
        />
      </div>
      <div class="chips" role="group" aria-label="State">
        {STATES.map(({ value, label }) => (
          <button
            key={label}
            type="button"
            class="chip"
            aria-pressed={filter.state === value}
            onClick={() => {
              onChange({ state: value ?? '' });
            }}
          >
            {label}
          </button>
        ))}
      </div>
    </div>
  );
}
