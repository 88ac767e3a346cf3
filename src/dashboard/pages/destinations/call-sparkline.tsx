import { useQuery } from '@tanstack/preact-query';
import { callsQuery } from '../../api/executions';
import { Sparkline } from '../../ui/sparkline';
import { useSeen } from '../../ui/use-seen';

const SPAN = { hours: 24, buckets: 24 };

/** The last day's calls of a destination, asked for once it is in view. */
export function CallSparkline({ origin, hasCalls }: { origin: string; hasCalls: boolean }) {
  const [element, isSeen] = useSeen<HTMLDivElement>();
  const { data } = useQuery({ ...callsQuery(SPAN, origin), enabled: isSeen && hasCalls });
  const sum = (which: 'delivered' | 'failed') =>
    (data?.buckets ?? []).reduce((total, bucket) => total + bucket[which], 0);
  return (
    <div ref={element}>
      <Sparkline
        label={`Calls by the hour: ${sum('delivered')} went well, ${sum('failed')} failed`}
        buckets={data?.buckets ?? []}
      />
    </div>
  );
}
