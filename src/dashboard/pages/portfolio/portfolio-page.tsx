import { useInfiniteQuery, useQuery } from '@tanstack/preact-query';
import { Plus, X } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { isNotFound } from '../../api/client';
import { portfolioMembersQuery, portfolioQuery, removeFromPortfolio } from '../../api/scorecards';
import { useMay } from '../../session-context';
import { EmptyState, ErrorNote, Skeleton } from '../../ui/feedback';
import { Listing } from '../../ui/listing';
import { PageHead } from '../../ui/page-head';
import { ActionsHead } from '../../ui/row-actions';
import { useChange } from '../../ui/use-change';
import { AddMembersDialog } from './add-members-dialog';

const CRUMBS = [{ href: '/scorecards/portfolios', label: 'Portfolios' }];

/** One portfolio, and the scorecards that it has. */
export default function PortfolioPage({ id }: { id: string }) {
  const { data: portfolio, error, refetch } = useQuery(portfolioQuery(id));
  const members = useInfiniteQuery(portfolioMembersQuery(id));
  const [isAdding, setAdding] = useState(false);
  const mayWrite = useMay('write');
  const removing = useChange({
    change: (scorecard: string) => removeFromPortfolio(id, scorecard),
    touches: [['portfolio', id], ['portfolio-members', id], ['portfolios']],
    told: 'Taken out. The scorecard itself stays.',
  });
  if (portfolio === undefined) {
    if (error === null) return <Skeleton lines={10} />;
    if (!isNotFound(error)) return <ErrorNote error={error} onRetry={() => void refetch()} />;
    return (
      <>
        <PageHead title="No such portfolio" crumbs={CRUMBS} />
        <div class="card">
          <EmptyState title="There is no such portfolio">
            <p>
              <Link href="/scorecards/portfolios">See all portfolios</Link>
            </p>
          </EmptyState>
        </div>
      </>
    );
  }
  return (
    <>
      <PageHead
        title={portfolio.name ?? portfolio.id}
        crumbs={CRUMBS}
        about={
          <>
            <span class="mono">{portfolio.id}</span> ·{' '}
            <span class="numeric">{portfolio.scorecards.toLocaleString()}</span>{' '}
            {portfolio.scorecards === 1 ? 'scorecard' : 'scorecards'}
          </>
        }
      >
        {mayWrite && (
          <button
            type="button"
            class="button primary"
            onClick={() => {
              setAdding(true);
            }}
          >
            <Plus size={15} aria-hidden="true" /> Add scorecards
          </button>
        )}
      </PageHead>
      <section class="card" aria-label="Scorecards of the portfolio">
        <Listing
          list={members}
          empty={
            <EmptyState title="It has no scorecard yet">
              <p>Add scorecards by their ids, or import a CSV file into it on the page of scorecards.</p>
            </EmptyState>
          }
        >
          {(scorecards) => (
            <div class="table-wrap">
              <table class="list stacks">
                <thead>
                  <tr>
                    <th scope="col">Domain</th>
                    <th scope="col">Id</th>
                    {mayWrite && <ActionsHead />}
                  </tr>
                </thead>
                <tbody>
                  {scorecards.map((scorecard) => (
                    <tr key={scorecard.id}>
                      <td>{scorecard.domain ?? <span class="faint">—</span>}</td>
                      <td class="mono muted break">{scorecard.id}</td>
                      {mayWrite && (
                        <td class="actions-cell">
                          <button
                            type="button"
                            class="button quiet small"
                            aria-label={`Take out ${scorecard.id}`}
                            disabled={removing.isPending}
                            onClick={() => {
                              removing.mutate(scorecard.id);
                            }}
                          >
                            <X size={15} aria-hidden="true" /> Take out
                          </button>
                        </td>
                      )}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Listing>
      </section>
      {isAdding && (
        <AddMembersDialog
          id={id}
          onClose={() => {
            setAdding(false);
          }}
        />
      )}
    </>
  );
}
