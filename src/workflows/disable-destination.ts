import type { DisabledDestination, DisablingReport } from '../shared/disabled-destination';
import { disableDestination as disable, tellOfDisabling } from './activity-proxies';

/** Disables a destination, and tells the owners of the rules that call it. */
export async function disableDestination(destination: DisabledDestination): Promise<DisablingReport> {
  const { disabled, owners } = await disable(destination);
  const told: string[] = [];
  for (const to of owners) {
    await tellOfDisabling({ ...destination, to });
    told.push(to.address);
  }
  return { disabled, told };
}
