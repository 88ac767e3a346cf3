import { useInfiniteQuery } from '@tanstack/preact-query';
import { Plus } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { Link, useLocation } from 'wouter-preact';
import { destinationsQuery } from '../../api/destinations';
import { useMay } from '../../session-context';
import { EmptyState } from '../../ui/feedback';
import { Listing } from '../../ui/listing';
import { PageHead } from '../../ui/page-head';
import { AddDestinationDialog } from './add-destination-dialog';
import { DestinationTable } from './destination-table';
import '../../styles/destinations.css';

/** Where webhooks go, and how it is there. */
export default function DestinationsPage() {
  const list = useInfiniteQuery(destinationsQuery);
  const [isAdding, setAdding] = useState(false);
  const [, navigate] = useLocation();
  const mayAdminister = useMay('administer');
  return (
    <>
      <PageHead title="Destinations" about="Where your webhooks go, and how it is there.">
        {mayAdminister && (
          <button
            type="button"
            class="button"
            onClick={() => {
              setAdding(true);
            }}
          >
            <Plus size={15} aria-hidden="true" /> Add a destination
          </button>
        )}
      </PageHead>
      <section class="card" aria-label="List of destinations">
        <Listing
          list={list}
          empty={
            <EmptyState title="Nothing has been called yet">
              <p>
                A destination appears here with its first call. <Link href="/rules">Build a rule</Link> with a
                webhook, then <Link href="/events">send an event</Link> that fits it.
              </p>
            </EmptyState>
          }
        >
          {(destinations) => <DestinationTable destinations={destinations} />}
        </Listing>
      </section>
      {isAdding && (
        <AddDestinationDialog
          onClose={() => {
            setAdding(false);
          }}
          onAdded={(origin) => {
            navigate(`/destinations/${encodeURIComponent(origin)}`);
          }}
        />
      )}
    </>
  );
}
