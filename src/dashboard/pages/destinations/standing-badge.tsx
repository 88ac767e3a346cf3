import type { Destination } from '../../api/destinations';
import { standingOf, type Standing } from './standing';

const SHOWN: Record<Standing, { label: string; tone: string }> = {
  healthy: { label: 'Healthy', tone: 'good' },
  failing: { label: 'Failing', tone: 'bad' },
  circuit_open: { label: 'Circuit open', tone: 'warn' },
  disabled: { label: 'Disabled', tone: 'calm' },
};

export function StandingBadge({ health }: { health: Destination['health'] }) {
  const { label, tone } = SHOWN[standingOf(health, Date.now())];
  return <span class={`badge ${tone}`}>{label}</span>;
}
