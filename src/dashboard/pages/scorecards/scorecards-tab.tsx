import { useInfiniteQuery } from '@tanstack/preact-query';
import { Plus, Upload } from 'lucide-preact';
import { useCallback, useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { deleteScorecard, scorecardsQuery, type Scorecard, type ScorecardFilter } from '../../api/scorecards';
import { useMay } from '../../session-context';
import { EditableList } from '../../ui/editable-list';
import { EmptyState } from '../../ui/feedback';
import { FilterInput } from '../../ui/filter-input';
import { RemoveDialog } from '../../ui/remove-dialog';
import { useUrlState } from '../../ui/url-state';
import { useAsked } from '../../ui/use-asked';
import { ImportDialog } from './import-dialog';
import { ScorecardDialog } from './scorecard-dialog';

const FILTERS = ['domain', 'mine', 'followed'] as const;

export function ScorecardsTab() {
  const [filter, change] = useUrlState(FILTERS);
  const list = useInfiniteQuery(scorecardsQuery(filter satisfies ScorecardFilter));
  const asked = useAsked<Scorecard>();
  const [isImporting, setImporting] = useState(false);
  const mayWrite = useMay('write');
  const changeDomain = useCallback(
    (domain: string) => {
      change({ domain });
    },
    [change],
  );
  return (
    <section class="card" aria-label="List of scorecards">
      <div class="card-head">
        <FilterInput label="Domain" value={filter.domain ?? ''} onChange={changeDomain} />
        <div class="chips" role="group" aria-label="Which">
          {(['mine', 'followed'] as const).map((name) => (
            <button
              key={name}
              type="button"
              class="chip"
              aria-pressed={filter[name] === 'true'}
              onClick={() => {
                change({ [name]: filter[name] === 'true' ? '' : 'true' });
              }}
            >
              {name === 'mine' ? 'Mine' : 'Followed'}
            </button>
          ))}
        </div>
        {mayWrite && (
          <span class="row push">
            <button
              type="button"
              class="button"
              onClick={() => {
                setImporting(true);
              }}
            >
              <Upload size={15} aria-hidden="true" /> Import CSV
            </button>
            <button type="button" class="button primary" onClick={asked.add}>
              <Plus size={15} aria-hidden="true" /> Add a scorecard
            </button>
          </span>
        )}
      </div>
      <EditableList
        list={list}
        empty={
          Object.keys(filter).length > 0 ? (
            <EmptyState title="No scorecard fits">
              <p>
                Domains are compared whole. <Link href="/scorecards">See all scorecards</Link>
              </p>
            </EmptyState>
          ) : (
            <EmptyState title="There is no scorecard yet">
              <p>Scorecards are the companies that rules watch. Add one, or import many from a CSV file.</p>
            </EmptyState>
          )
        }
        head={
          <>
            <th scope="col">Domain</th>
            <th scope="col">Id</th>
            <th scope="col">Groups</th>
            <th scope="col">Sent</th>
          </>
        }
        idOf={({ id }) => id}
        nameOf={({ id }) => id}
        mayChange={mayWrite}
        asked={asked}
        form={(scorecard) => <ScorecardDialog scorecard={scorecard} onClose={asked.close} />}
        removal={(scorecard) => (
          <RemoveDialog
            title={`Remove ${scorecard.id}`}
            remove={() => deleteScorecard(scorecard.id)}
            touches={[['scorecards'], ['portfolios'], ['portfolio-members']]}
            told="Removed."
            onClose={asked.close}
          >
            <p>It is taken out of its portfolios too. Rules about it match no event any more.</p>
          </RemoveDialog>
        )}
      >
        {(scorecard) => (
          <>
            <td>{scorecard.domain ?? <span class="faint">—</span>}</td>
            <td class="mono muted break">{scorecard.id}</td>
            <td>
              <span class="row">
                {scorecard.mine && <span class="badge info plain">Mine</span>}
                {scorecard.followed && <span class="badge good plain">Followed</span>}
                {!scorecard.mine && !scorecard.followed && <span class="faint">—</span>}
              </span>
            </td>
            <td>
              {scorecard.domain !== null && (
                <Link
                  href={`/executions?domain=${encodeURIComponent(scorecard.domain)}`}
                  aria-label={`Executions for ${scorecard.domain}`}
                >
                  Executions
                </Link>
              )}
            </td>
          </>
        )}
      </EditableList>
      {isImporting && (
        <ImportDialog
          onClose={() => {
            setImporting(false);
          }}
        />
      )}
    </section>
  );
}
