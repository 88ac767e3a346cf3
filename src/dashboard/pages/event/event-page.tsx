import { useQuery } from '@tanstack/preact-query';
import { Link } from 'wouter-preact';
import { isNotFound } from '../../api/client';
import { eventQuery, type StoredEvent } from '../../api/events';
import { Code } from '../../ui/code';
import { CopyButton } from '../../ui/copy-button';
import { EmptyState, ErrorNote, Skeleton } from '../../ui/feedback';
import { PageHead } from '../../ui/page-head';
import { Time } from '../../ui/time';
import { RulesOfEvent } from './rules-of-event';
import '../../styles/events.css';

const CRUMBS = [{ href: '/events', label: 'Events' }];

/** One event: what it said, which rules matched it, and why others did not. */
export default function EventPage({ id }: { id: string }) {
  const { data: event, error, refetch } = useQuery(eventQuery(id));
  if (event === undefined) {
    if (error === null) return <Skeleton lines={10} />;
    if (!isNotFound(error)) return <ErrorNote error={error} onRetry={() => void refetch()} />;
    return (
      <>
        <PageHead title="No such event" crumbs={CRUMBS} />
        <div class="card">
          <EmptyState title="There is no such event">
            <p>
              It may be older than the retention. <Link href="/events">See all events</Link>
            </p>
          </EmptyState>
        </div>
      </>
    );
  }
  return (
    <>
      <PageHead
        title={typeof event.event['type'] === 'string' ? event.event['type'] : 'Event'}
        crumbs={CRUMBS}
        about={
          <span class="row">
            <span class="mono break">{id}</span>
            <CopyButton text={id} what="the event’s id" />
          </span>
        }
      >
        {event.matched > 0 && (
          <Link href={`/executions?event=${encodeURIComponent(id.replace(/^trial\//, ''))}`} class="button">
            Its executions
          </Link>
        )}
      </PageHead>
      <Facts event={event} />
      <RulesOfEvent id={id} matched />
      <RulesOfEvent id={id} matched={false} />
      <section class="card" aria-labelledby="as-sent">
        <div class="card-head">
          <h2 id="as-sent" class="grow">
            As it was sent
          </h2>
          <CopyButton text={() => JSON.stringify(event.event, null, 2)} what="the event" label="Copy" />
        </div>
        <div class="card-body">
          <Code text={JSON.stringify(event.event)} label="The event as it was sent" />
        </div>
      </section>
    </>
  );
}

function Facts({ event: { event, received_at: at, state, matched } }: { event: StoredEvent }) {
  const facts = [
    ['Received', <Time key="at" at={at} as="absolute" />],
    ['Domain', typeof event['domain'] === 'string' ? event['domain'] : '—'],
    ['Scorecard', typeof event['scorecard_id'] === 'string' ? event['scorecard_id'] : '—'],
    ['Rules matched', matched.toLocaleString()],
    ['Executions', state === 'started' ? 'all started' : 'on their way'],
  ] as const;
  return (
    <section class="card card-body" aria-label="Facts">
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
