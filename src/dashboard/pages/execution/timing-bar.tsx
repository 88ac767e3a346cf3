import type { Attempt } from '../../api/types';
import { duration } from '../../ui/time';

type Timing = NonNullable<Attempt['timing']>;

const PARTS = [
  { key: 'dns_ms', label: 'DNS', color: '--chart-calm' },
  { key: 'connect_ms', label: 'Connect', color: '--chart-waiting' },
  { key: 'tls_ms', label: 'TLS', color: '--info' },
  { key: 'first_byte_ms', label: 'First byte', color: '--chart-delivered' },
  { key: 'body_ms', label: 'Body', color: '--line-strong' },
] as const;

/** Where the time of a call went. @param total milliseconds */
export function TimingBar({ timing, total }: { timing: Timing; total: number }) {
  const parts = PARTS.flatMap((part) => {
    const ms = timing[part.key];
    return ms === null ? [] : [{ ...part, ms }];
  });
  return (
    <div class="timing">
      <div class="timing-bar" aria-hidden="true">
        {parts.map(({ key, ms, color }) => (
          <i
            key={key}
            style={{ width: `${(ms / Math.max(total, 1)) * 100}%`, background: `var(${color})` }}
          />
        ))}
      </div>
      <p class="row faint numeric">
        {parts.map(({ key, label, ms, color }) => (
          <span key={key} class="legend">
            <i style={{ background: `var(${color})` }} /> {label} {duration(ms)}
          </span>
        ))}
        {timing.reused_connection && <span>kept connection</span>}
      </p>
    </div>
  );
}
