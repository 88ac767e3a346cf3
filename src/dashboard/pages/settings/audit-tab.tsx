import { useInfiniteQuery } from '@tanstack/preact-query';
import { X } from 'lucide-preact';
import { auditQuery, type AuditEntry, type AuditFilter } from '../../api/audit';
import { EmptyState } from '../../ui/feedback';
import { Listing } from '../../ui/listing';
import { Time } from '../../ui/time';
import { useUrlState } from '../../ui/url-state';
import { SettingsCard } from './settings-card';

const FILTERS = ['actor', 'action', 'subject_type', 'subject_id'] as const;

/** Who changed what, newest first. What stands in a row narrows the list to itself. */
export function AuditTab() {
  const [filter, change] = useUrlState(FILTERS);
  const list = useInfiniteQuery(auditQuery(filter satisfies AuditFilter));
  const given = FILTERS.filter((name) => filter[name] !== undefined);
  return (
    <SettingsCard
      label="Audit log"
      about={
        given.length === 0 ? (
          'Who changed what, newest first. Press a value to see only what has it.'
        ) : (
          <span class="chips">
            {given.map((name) => (
              <button
                key={name}
                type="button"
                class="chip"
                aria-pressed="true"
                aria-label={`Take away the filter ${name} ${filter[name] ?? ''}`}
                onClick={() => {
                  change({ [name]: '' });
                }}
              >
                {name.replace('_', ' ')}: {filter[name]} <X size={13} aria-hidden="true" />
              </button>
            ))}
          </span>
        )
      }
    >
      <Listing
        list={list}
        empty={
          <EmptyState title={given.length === 0 ? 'Nothing was changed yet' : 'Nothing fits these filters'}>
            <p>{given.length === 0 ? 'Each change stands here with who made it.' : 'Take one away above.'}</p>
          </EmptyState>
        }
      >
        {(entries) => (
          <div class="table-wrap">
            <table class="list stacks">
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col">Who</th>
                  <th scope="col">What</th>
                  <th scope="col">Of</th>
                  <th scope="col">Details</th>
                </tr>
              </thead>
              <tbody>
                {entries.map((entry) => (
                  <Row key={entry.id} entry={entry} onFilter={change} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Listing>
    </SettingsCard>
  );
}

function Row({
  entry: { at, actor, action, subject, details },
  onFilter,
}: {
  entry: AuditEntry;
  onFilter: (changes: AuditFilter) => void;
}) {
  const button = (text: string, changes: AuditFilter) => (
    <button
      type="button"
      class="text-button mono break"
      aria-label={`Only ${text}`}
      onClick={() => {
        onFilter(changes);
      }}
    >
      {text}
    </button>
  );
  return (
    <tr>
      <td class="muted">
        <Time at={at} />
      </td>
      <td>{button(actor, { actor })}</td>
      <td>{button(action, { action })}</td>
      <td>{button(subject.id, { subject_type: subject.type, subject_id: subject.id })}</td>
      <td class="mono faint break audit-details">
        {Object.entries(details)
          .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
          .join(', ')}
      </td>
    </tr>
  );
}
