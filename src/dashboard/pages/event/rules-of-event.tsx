import { useInfiniteQuery } from '@tanstack/preact-query';
import { ArrowRight } from 'lucide-preact';
import { Link } from 'wouter-preact';
import { rulesOfEventQuery, type RuleOfEvent } from '../../api/events';
import { Listing } from '../../ui/listing';

/** The rules that an event matched, or those that it did not, and why. */
export function RulesOfEvent({ id, matched }: { id: string; matched: boolean }) {
  const list = useInfiniteQuery(rulesOfEventQuery(id, matched));
  const title = matched ? 'Rules that matched' : 'Rules that did not match';
  return (
    <section class="card" aria-label={title}>
      <div class="card-head">
        <h2>{title}</h2>
      </div>
      <Listing
        list={list}
        empty={<p class="card-body muted">{matched ? 'None matched.' : 'None: all of them matched.'}</p>}
      >
        {(rules) => (
          <ul role="list" class="rules-of-event">
            {rules.map((one) => (
              <Rule key={one.rule.id} one={one} />
            ))}
          </ul>
        )}
      </Listing>
    </section>
  );
}

function Rule({
  one: { rule, matched, reason, execution_id: executionId, rule_version: version, now },
}: {
  one: RuleOfEvent;
}) {
  return (
    <li class="card-body row">
      <span class="stack-small grow">
        <span class="row">
          {rule.name === null ? (
            <span class="mono">{rule.id}</span>
          ) : (
            <Link href={`/rules/${encodeURIComponent(rule.id)}`}>{rule.name}</Link>
          )}
          {version !== null && <span class="faint">version {version}</span>}
          {now === null && <span class="tag">deleted since</span>}
        </span>
        <span class="muted break">{reason}</span>
        {now !== null && now.matches !== matched && (
          <span class="row">
            <span class={`badge ${now.matches ? 'good' : 'warn'}`}>
              {now.matches ? 'As it is now, it would match' : 'As it is now, it would not match'}
            </span>
            <span class="faint break">{now.reason}</span>
          </span>
        )}
      </span>
      {executionId !== null && (
        <Link
          href={`/executions/${executionId}`}
          class="button small"
          aria-label={`The execution of ${rule.name ?? rule.id}`}
        >
          Execution <ArrowRight size={14} aria-hidden="true" />
        </Link>
      )}
    </li>
  );
}
