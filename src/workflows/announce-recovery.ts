import type { RecoveredDestination, RecoveryReport } from '../shared/recovered-destination';
import { announceRecovery as announce } from './activity-proxies';

/** Has those told that a destination works again who were told that it did not. */
export async function announceRecovery(recovered: RecoveredDestination): Promise<RecoveryReport> {
  return announce(recovered);
}
