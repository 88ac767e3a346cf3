import { useInfiniteQuery } from '@tanstack/preact-query';
import { Send } from 'lucide-preact';
import { useCallback, useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { eventsQuery, type EventFilter } from '../../api/events';
import { BASE } from '../../base';
import { useMay } from '../../session-context';
import { EmptyState } from '../../ui/feedback';
import { FilterInput } from '../../ui/filter-input';
import { Listing } from '../../ui/listing';
import { PageHead } from '../../ui/page-head';
import { useUrlState } from '../../ui/url-state';
import { EventTable } from './event-table';
import { SendEventDialog } from './send-event-dialog';
import '../../styles/events.css';

const FILTERS = ['type', 'domain'] as const;

/** What came in. */
export default function EventsPage() {
  const [filter, change] = useUrlState(FILTERS);
  const list = useInfiniteQuery(eventsQuery(filter satisfies EventFilter));
  const [isSending, setSending] = useState(false);
  const maySend = useMay('send');
  const isFiltered = Object.keys(filter).length > 0;
  const changeType = useCallback(
    (type: string) => {
      change({ type });
    },
    [change],
  );
  const changeDomain = useCallback(
    (domain: string) => {
      change({ domain });
    },
    [change],
  );
  return (
    <>
      <PageHead title="Events" about="What came in, and how many rules it matched.">
        {maySend && (
          <button
            type="button"
            class="button primary"
            onClick={() => {
              setSending(true);
            }}
          >
            <Send size={15} aria-hidden="true" /> Send a sample event
          </button>
        )}
      </PageHead>
      <section class="card" aria-label="List of events">
        <div class="card-head">
          <FilterInput label="Type of event" value={filter.type ?? ''} onChange={changeType} />
          <FilterInput label="Domain" value={filter.domain ?? ''} onChange={changeDomain} />
        </div>
        <Listing
          list={list}
          empty={
            isFiltered ? (
              <EmptyState title="No event fits">
                <p>
                  Types and domains are compared whole. <Link href="/events">See all events</Link>
                </p>
              </EmptyState>
            ) : (
              <EmptyState title="Nothing has come in yet">
                <p>
                  Post events to <code>/v1/events</code> with a key of the role <code>sender</code>, or send a
                  sample from here. <a href={`${BASE}/docs`}>How to post one</a>
                </p>
              </EmptyState>
            )
          }
        >
          {(events) => <EventTable events={events} />}
        </Listing>
      </section>
      {isSending && (
        <SendEventDialog
          onClose={() => {
            setSending(false);
          }}
        />
      )}
    </>
  );
}
