import { useInfiniteQuery } from '@tanstack/preact-query';
import { Plus, Upload } from 'lucide-preact';
import { useCallback, useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { deleteScorecard, scorecardsQuery, type Scorecard, type ScorecardFilter } from '../../api/scorecards';
import { useMay } from '../../session-context';
import { EmptyState } from '../../ui/feedback';
import { FilterInput } from '../../ui/filter-input';
import { Listing } from '../../ui/listing';
import { RemoveDialog } from '../../ui/remove-dialog';
import { RowActions } from '../../ui/row-actions';
import { useUrlState } from '../../ui/url-state';
import { ImportDialog } from './import-dialog';
import { ScorecardDialog } from './scorecard-dialog';

const FILTERS = ['domain', 'mine', 'followed'] as const;

type Asked = { what: 'add' | 'import' } | { what: 'edit' | 'remove'; scorecard: Scorecard };

export function ScorecardsTab() {
  const [filter, change] = useUrlState(FILTERS);
  const list = useInfiniteQuery(scorecardsQuery(filter satisfies ScorecardFilter));
  const [asked, setAsked] = useState<Asked>();
  const mayWrite = useMay('write');
  const changeDomain = useCallback(
    (domain: string) => {
      change({ domain });
    },
    [change],
  );
  const close = () => {
    setAsked(undefined);
  };
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
                setAsked({ what: 'import' });
              }}
            >
              <Upload size={15} aria-hidden="true" /> Import CSV
            </button>
            <button
              type="button"
              class="button primary"
              onClick={() => {
                setAsked({ what: 'add' });
              }}
            >
              <Plus size={15} aria-hidden="true" /> Add a scorecard
            </button>
          </span>
        )}
      </div>
      <Listing
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
      >
        {(scorecards) => (
          <ScorecardTable
            scorecards={scorecards}
            {...(mayWrite && {
              onAsk: (what: 'edit' | 'remove', scorecard: Scorecard) => {
                setAsked({ what, scorecard });
              },
            })}
          />
        )}
      </Listing>
      {asked?.what === 'import' && <ImportDialog onClose={close} />}
      {(asked?.what === 'add' || asked?.what === 'edit') && (
        <ScorecardDialog scorecard={asked.what === 'edit' ? asked.scorecard : undefined} onClose={close} />
      )}
      {asked?.what === 'remove' && (
        <RemoveDialog
          title={`Remove ${asked.scorecard.id}`}
          remove={() => deleteScorecard(asked.scorecard.id)}
          touches={[['scorecards'], ['portfolios'], ['portfolio-members']]}
          told="Removed."
          onClose={close}
        >
          <p>It is taken out of its portfolios too. Rules about it match no event any more.</p>
        </RemoveDialog>
      )}
    </section>
  );
}

/** @param onAsk undefined: nothing may be done to them */
function ScorecardTable({
  scorecards,
  onAsk,
}: {
  scorecards: readonly Scorecard[];
  onAsk?: (what: 'edit' | 'remove', scorecard: Scorecard) => void;
}) {
  return (
    <div class="table-wrap">
      <table class="list stacks">
        <thead>
          <tr>
            <th scope="col">Domain</th>
            <th scope="col">Id</th>
            <th scope="col">Groups</th>
            <th scope="col">Sent</th>
            {onAsk && (
              <th scope="col">
                <span class="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {scorecards.map((scorecard) => (
            <tr key={scorecard.id}>
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
              {onAsk && (
                <td class="actions-cell">
                  <RowActions
                    name={scorecard.id}
                    onEdit={() => {
                      onAsk('edit', scorecard);
                    }}
                    onRemove={() => {
                      onAsk('remove', scorecard);
                    }}
                  />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
