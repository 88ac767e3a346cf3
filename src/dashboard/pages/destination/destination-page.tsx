import { useQuery } from '@tanstack/preact-query';
import { Ban, LifeBuoy, Play } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { isNotFound } from '../../api/client';
import { destinationQuery, enableDestination, type Destination } from '../../api/destinations';
import { useMay } from '../../session-context';
import { BulkProgress } from '../../ui/bulk-progress';
import { EmptyState, ErrorNote, Skeleton } from '../../ui/feedback';
import { PageHead } from '../../ui/page-head';
import { useUrlState } from '../../ui/url-state';
import { useChange } from '../../ui/use-change';
import { StandingBadge } from '../destinations/standing-badge';
import { DestinationCharts } from './destination-charts';
import { DestinationNotes } from './destination-notes';
import { DisableDialog } from './disable-dialog';
import { RecoverDialog } from './recover-dialog';
import { SettingsCard } from './settings-card';
import { SigningKeysCard } from './signing-keys-card';
import '../../styles/destinations.css';

const CRUMBS = [{ href: '/destinations', label: 'Destinations' }];

/** One destination: how it is there, how it is called, and making good what failed. */
export default function DestinationPage({ origin }: { origin: string }) {
  const { data: destination, error, refetch } = useQuery(destinationQuery(origin));
  const [{ recovery }, change] = useUrlState(['recovery']);
  if (destination === undefined) {
    if (error === null) return <Skeleton lines={10} />;
    if (!isNotFound(error)) return <ErrorNote error={error} onRetry={() => void refetch()} />;
    return (
      <>
        <PageHead title={origin} crumbs={CRUMBS} />
        <div class="card">
          <EmptyState title="Nothing is known of this destination">
            <p>
              It was never called, and nothing was set for it.{' '}
              <Link href="/destinations">See all destinations</Link>
            </p>
          </EmptyState>
        </div>
      </>
    );
  }
  return (
    <>
      <PageHead
        title={origin}
        heading={
          <span class="row">
            <span class="break">{origin}</span> <StandingBadge health={destination.health} />
          </span>
        }
        crumbs={CRUMBS}
        about={
          <Link href={`/executions?destination=${encodeURIComponent(origin)}`}>Executions that call it</Link>
        }
      >
        <DestinationActions
          destination={destination}
          onRecovering={(id) => {
            change({ recovery: id });
          }}
        />
      </PageHead>
      {error !== null && <ErrorNote error={error} onRetry={() => void refetch()} />}
      <DestinationNotes destination={destination} />
      {recovery !== undefined && (
        <section class="card card-body" aria-label="Recovery">
          <BulkProgress id={recovery} title="Recovery of escalated executions" />
        </section>
      )}
      <DestinationCharts origin={origin} />
      <div class="side-by-side">
        {/* Anew when it was changed: the form begins with what is in force. */}
        <SettingsCard key={destination.version} destination={destination} />
        <SigningKeysCard destination={destination} />
      </div>
    </>
  );
}

/** For those who may. */
function DestinationActions({
  destination: { origin, health },
  onRecovering,
}: {
  destination: Destination;
  onRecovering: (id: string) => void;
}) {
  const [asked, setAsked] = useState<'disable' | 'recover'>();
  const mayWrite = useMay('write');
  const enabling = useChange({
    change: () => enableDestination(origin),
    touches: [['destination', origin], ['destinations'], ['held-count', origin]],
    told: 'Enabled. What was held goes on.',
  });
  if (!mayWrite) return null;
  const close = () => {
    setAsked(undefined);
  };
  return (
    <>
      <button
        type="button"
        class="button"
        onClick={() => {
          setAsked('recover');
        }}
      >
        <LifeBuoy size={15} aria-hidden="true" /> Recover …
      </button>
      {health.disabled === null ? (
        <button
          type="button"
          class="button danger"
          onClick={() => {
            setAsked('disable');
          }}
        >
          <Ban size={15} aria-hidden="true" /> Disable
        </button>
      ) : (
        <button
          type="button"
          class="button primary"
          disabled={enabling.isPending}
          onClick={() => {
            enabling.mutate(undefined);
          }}
        >
          <Play size={15} aria-hidden="true" /> Enable
        </button>
      )}
      {asked === 'disable' && <DisableDialog origin={origin} onClose={close} />}
      {asked === 'recover' && (
        <RecoverDialog
          origin={origin}
          onClose={close}
          onStarted={(id) => {
            close();
            onRecovering(id);
          }}
        />
      )}
    </>
  );
}
