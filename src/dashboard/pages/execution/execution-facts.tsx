import { Link } from 'wouter-preact';
import type { Execution } from '../../api/types';
import { duration, Time } from '../../ui/time';

export function ExecutionFacts({ execution }: { execution: Execution }) {
  const { rule, domain, event, started_at: startedAt, ended_at: endedAt } = execution;
  return (
    <section class="card card-body" aria-label="Facts">
      <dl class="facts">
        <div>
          <dt>Rule</dt>
          <dd>
            <Link href={`/rules/${encodeURIComponent(rule.id)}`}>{rule.id}</Link>{' '}
            <span class="faint">version {rule.version}</span>
          </dd>
        </div>
        {domain !== null && (
          <div>
            <dt>Domain</dt>
            <dd>
              <Link href={`/executions?domain=${encodeURIComponent(domain)}`}>{domain}</Link>
            </dd>
          </div>
        )}
        <div>
          <dt>Event</dt>
          <dd>
            {event.type}
            {event.id !== null && (
              <>
                {' '}
                <Link href={`/events/${encodeURIComponent(event.id)}`} class="mono">
                  {event.id}
                </Link>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Started</dt>
          <dd>
            <Time at={startedAt} as="absolute" />
          </dd>
        </div>
        {endedAt !== null && (
          <div>
            <dt>Ended</dt>
            <dd>
              after <span title={endedAt}>{duration(Date.parse(endedAt) - Date.parse(startedAt))}</span>
            </dd>
          </div>
        )}
        {execution.restart_of !== null && (
          <div>
            <dt>Makes good</dt>
            <dd>
              <Link href={`/executions/${execution.restart_of}`} class="mono">
                {execution.restart_of}
              </Link>
            </dd>
          </div>
        )}
        {execution.restarted_as !== null && (
          <div>
            <dt>Restarted as</dt>
            <dd>
              <Link href={`/executions/${execution.restarted_as}`} class="mono">
                {execution.restarted_as}
              </Link>
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
