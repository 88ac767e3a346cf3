import { Search, X } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import type { ExecutionFilter } from '../../api/executions';
import '../../styles/executions.css';

/** The filters, as the address names them. */
export const FILTERS = [
  'q',
  'status',
  'rule',
  'domain',
  'destination',
  'event',
  'type',
  'from',
  'to',
] as const;

/** What people look for most. */
const STATUSES = [
  { value: undefined, label: 'All' },
  { value: 'running', label: 'Running' },
  { value: 'waiting_for_retry', label: 'Waiting' },
  { value: 'held,paused', label: 'Held' },
  { value: 'delivered', label: 'Delivered' },
  { value: 'escalated,failed', label: 'Escalated' },
  { value: 'cancelled,abandoned,terminated', label: 'Cancelled' },
] as const;

/** Those that another page leads here with; shown as what can be taken away. */
const NAMED = ['rule', 'domain', 'destination', 'event', 'type', 'from', 'to'] as const;

const TYPING_MS = 250;

export function ExecutionFilters({
  filter,
  onChange,
}: {
  filter: ExecutionFilter;
  onChange: (changes: ExecutionFilter) => void;
}) {
  const isListed = STATUSES.some(({ value }) => value === filter.status);
  const named = [
    ...NAMED.filter((name) => filter[name] !== undefined),
    ...(isListed ? [] : ['status' as const]),
  ];
  return (
    <div class="card-head">
      <SearchBox
        value={filter.q ?? ''}
        onChange={(q) => {
          onChange({ q });
        }}
      />
      <div class="chips" role="group" aria-label="Status">
        {STATUSES.map(({ value, label }) => (
          <button
            key={label}
            type="button"
            class="chip"
            aria-pressed={filter.status === value}
            onClick={() => {
              onChange({ status: value ?? '' });
            }}
          >
            {label}
          </button>
        ))}
      </div>
      {named.map((name) => (
        <button
          key={name}
          type="button"
          class="chip named-filter"
          aria-label={`Take away the filter ${name} ${filter[name] ?? ''}`}
          onClick={() => {
            onChange({ [name]: '' });
          }}
        >
          {name}: <b>{filter[name]}</b> <X size={13} aria-hidden="true" />
        </button>
      ))}
    </div>
  );
}

/** Waits until somebody has stopped typing. */
function SearchBox({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => {
    setText(value);
  }, [value]);
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => {
      onChange(text.trim());
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [text, value, onChange]);
  return (
    <div class="search grow">
      <Search size={16} aria-hidden="true" />
      <input
        class="input"
        type="search"
        aria-label="Search executions"
        placeholder="Execution or event id, domain, rule, URL"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
        }}
      />
    </div>
  );
}
