import type { Connection } from '../../api/live-executions';

const SHOWN: Record<Connection, { label: string; tone: string }> = {
  live: { label: 'Live', tone: 'good' },
  connecting: { label: 'Connecting …', tone: 'calm' },
  away: { label: 'Temporal does not answer', tone: 'warn' },
};

/** Whether what is shown keeps up with what happens. */
export function LiveSign({ connection }: { connection: Connection }) {
  const { label, tone } = SHOWN[connection];
  return (
    <span class={`badge ${tone} ${connection === 'live' ? 'live' : ''}`} role="status">
      {label}
    </span>
  );
}
