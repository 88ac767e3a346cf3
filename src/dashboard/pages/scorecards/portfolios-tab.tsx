import { useInfiniteQuery } from '@tanstack/preact-query';
import { Plus } from 'lucide-preact';
import { Link } from 'wouter-preact';
import { deletePortfolio, portfoliosQuery, type Portfolio } from '../../api/scorecards';
import { useMay } from '../../session-context';
import { EditableList } from '../../ui/editable-list';
import { EmptyState } from '../../ui/feedback';
import { RemoveDialog } from '../../ui/remove-dialog';
import { Time } from '../../ui/time';
import { useAsked } from '../../ui/use-asked';
import { PortfolioDialog } from './portfolio-dialog';

export function PortfoliosTab() {
  const list = useInfiniteQuery(portfoliosQuery);
  const asked = useAsked<Portfolio>();
  const mayWrite = useMay('write');
  return (
    <section class="card" aria-label="List of portfolios">
      {mayWrite && (
        <div class="card-head">
          <span class="grow muted">Groups of scorecards that a rule may be about.</span>
          <button type="button" class="button primary" onClick={asked.add}>
            <Plus size={15} aria-hidden="true" /> Add a portfolio
          </button>
        </div>
      )}
      <EditableList
        list={list}
        empty={
          <EmptyState title="There is no portfolio yet">
            <p>
              A portfolio is a group of scorecards, such as your critical vendors. Add one, then its
              scorecards.
            </p>
          </EmptyState>
        }
        head={
          <>
            <th scope="col">Portfolio</th>
            <th scope="col">Id</th>
            <th scope="col" class="end">
              Scorecards
            </th>
            <th scope="col" class="end">
              Changed
            </th>
          </>
        }
        rowClass="is-clickable"
        idOf={({ id }) => id}
        nameOf={({ id, name }) => name ?? id}
        mayChange={mayWrite}
        asked={asked}
        form={(portfolio) => <PortfolioDialog portfolio={portfolio} onClose={asked.close} />}
        removal={(portfolio) => (
          <RemoveDialog
            title={`Remove ${portfolio.name ?? portfolio.id}`}
            remove={() => deletePortfolio(portfolio.id)}
            touches={[['portfolios']]}
            told="Removed. Its scorecards stay."
            onClose={asked.close}
          >
            <p>Its scorecards stay. It cannot be removed while a rule names it.</p>
          </RemoveDialog>
        )}
      >
        {(portfolio) => (
          <>
            <td>
              <Link href={`/scorecards/portfolios/${encodeURIComponent(portfolio.id)}`} class="row-link">
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
          </>
        )}
      </EditableList>
    </section>
  );
}
