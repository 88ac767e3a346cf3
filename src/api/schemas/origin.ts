import { z } from 'zod';
import { invalid } from '../problem';
import { originSchema } from '../../destinations/origin';

/** The address of one destination: its origin, escaped. */
export const byOrigin = z.strictObject({
  origin: originSchema.meta({ description: 'Escaped.', example: 'https://hooks.example.com' }),
});

/** Where a destination is found. */
export function locationOfDestination(origin: string): string {
  return `/v1/destinations/${encodeURIComponent(origin)}`;
}

/** The origin may stand in the body too, where it must be that of the address. @throws RequestProblem 422 */
export function sameOrigin(inAddress: string, inBody: string | undefined): void {
  if (inBody === undefined || inBody === inAddress) return;
  throw invalid('The body', [{ path: 'origin', message: `must be "${inAddress}", as in the address` }]);
}
