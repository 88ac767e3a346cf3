import { z } from 'zod';
import { invalid } from '../problem';
import { lineOfText } from '../../rules/text';
import { MAX_SCORECARD_LENGTH } from '../../shared/limits';

/** An id in an address. What cannot be one names nothing, so only what a database may not see is refused here. */
export const idParam = lineOfText(MAX_SCORECARD_LENGTH);

/** The address of one thing. */
export const byId = z.strictObject({ id: idParam });

/** An id may stand in the body too, where it must be that of the address. @throws RequestProblem 422 */
export function sameId(inAddress: string, inBody: string | undefined): void {
  if (inBody === undefined || inBody === inAddress) return;
  throw invalid('The body', [{ path: 'id', message: `must be "${inAddress}", as in the address` }]);
}
