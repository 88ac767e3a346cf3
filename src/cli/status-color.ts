import type { Color } from './table';

const COLORS: Readonly<Record<string, Color>> = {
  delivered: 'green',
  delivering: 'cyan',
  waiting_for_room: 'yellow',
  waiting_for_retry: 'yellow',
  held: 'yellow',
  paused: 'yellow',
  kept: 'dim',
  escalating: 'red',
  escalated: 'red',
  failed: 'red',
  abandoned: 'red',
  terminated: 'red',
  cancelled: 'dim',
  skipped: 'dim',
  pending: 'dim',
};

/** The colour of the status of an execution or of a step. */
export function statusColor(status: string): Color | undefined {
  return COLORS[status];
}
