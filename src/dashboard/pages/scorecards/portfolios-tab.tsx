import { useInfiniteQuery } from '@tanstack/preact-query';
import { Plus } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { deletePortfolio, portfoliosQuery, type Portfolio } from '../../api/scorecards';
import { useMay } from '../../session-context';
import { EmptyState } from '../../ui/feedback';
import { Listing } from '../../ui/listing';
import { RemoveDialog } from '../../ui/remove-dialog';
import { RowActions } from '../../ui/row-actions';
import { Time } from '../../ui/time';
import { PortfolioDialog } from './portfolio-dialog';

type Asked = { what: 'add' } | { what: 'edit' | 'remove'; portfolio: Portfolio };

export function PortfoliosTab() {
  const list = useInfiniteQuery(portfoliosQuery);
  const [asked, setAsked] = useState<Asked>();
  const mayWrite = useMay('write');
  const close = () => {
    setAsked(undefined);
  };
  return (
    <section class="card" aria-label="List of portfolios">
      {mayWrite && (
        <div class="card-head">
          <span class="grow muted">Groups of scorecards that a rule may be about.</span>
          <button
            type="button"
            class="button primary"
            onClick={() => {
              setAsked({ what: 'add' });
            }}
          >
            <Plus size={15} aria-hidden="true" /> Add a portfolio
          </button>
        </div>
      )}
      <Listing
        list={list}
        empty={
          <EmptyState title="There is no portfolio yet">
            <p>
              A portfolio is a group of scorecards, such as your critical vendors. Add one, then its
              scorecards.
            </p>
          </EmptyState>
        }
      >
        {(portfolios) => (
          <div class="table-wrap">
            <table class="list stacks">
              <thead>
                <tr>
                  <th scope="col">Portfolio</th>
                  <th scope="col">Id</th>
                  <th scope="col" class="end">
                    Scorecards
                  </th>
                  <th scope="col" class="end">
                    Changed
                  </th>
                  {mayWrite && (
                    <th scope="col">
                      <span class="visually-hidden">Actions</span>
                    </th>
                  )}
                </tr>
              </thead>
              <tbody>
                {portfolios.map((portfolio) => (
                  <tr key={portfolio.id} class="is-clickable">
                    <td>
                      <Link
                        href={`/scorecards/portfolios/${encodeURIComponent(portfolio.id)}`}
                        class="row-link"
                      >
                        {portfolio.name ?? portfolio.id}
                      </Link>
                    </td>
                    <td class="mono muted break">{portfolio.id}</td>
                    <td class="end numeric" data-label="Scorecards">
                      {portfolio.scorecards.toLocaleString()}
                    </td>
                    <td class="end muted" data-label="Changed">
                      <Time at={portfolio.updated_at} />
                    </td>
                    {mayWrite && (
                      <td class="actions-cell">
                        <RowActions
                          name={portfolio.name ?? portfolio.id}
                          onEdit={() => {
                            setAsked({ what: 'edit', portfolio });
                          }}
                          onRemove={() => {
                            setAsked({ what: 'remove', portfolio });
                          }}
                        />
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Listing>
      {(asked?.what === 'add' || asked?.what === 'edit') && (
        <PortfolioDialog portfolio={asked.what === 'edit' ? asked.portfolio : undefined} onClose={close} />
      )}
      {asked?.what === 'remove' && (
        <RemoveDialog
          title={`Remove ${asked.portfolio.name ?? asked.portfolio.id}`}
          remove={() => deletePortfolio(asked.portfolio.id)}
          touches={[['portfolios']]}
          told="Removed. Its scorecards stay."
          onClose={close}
        >
          <p>Its scorecards stay. It cannot be removed while a rule names it.</p>
        </RemoveDialog>
      )}
    </section>
  );
}
