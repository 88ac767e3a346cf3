import type { ExecutionStatus } from '../api/types';

type Tone = 'good' | 'warn' | 'bad' | 'info' | 'calm';

const SHOWN: Record<ExecutionStatus, { label: string; tone: Tone; live?: true }> = {
  delivering: { label: 'Delivering', tone: 'info', live: true },
  waiting_for_retry: { label: 'Waiting for retry', tone: 'warn' },
  held: { label: 'Held', tone: 'warn' },
  paused: { label: 'Paused', tone: 'calm' },
  escalating: { label: 'Escalating', tone: 'bad', live: true },
  delivered: { label: 'Delivered', tone: 'good' },
  escalated: { label: 'Escalated', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'calm' },
  abandoned: { label: 'Abandoned', tone: 'calm' },
  failed: { label: 'Failed', tone: 'bad' },
  terminated: { label: 'Terminated', tone: 'calm' },
};

export function statusLabel(status: ExecutionStatus): string {
  return SHOWN[status].label;
}

export function StatusBadge({ status }: { status: ExecutionStatus }) {
  const { label, tone, live = false } = SHOWN[status];
  return <span class={`badge ${tone} ${live ? 'live' : ''}`}>{label}</span>;
}
