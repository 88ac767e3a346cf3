import { v5 as uuidv5 } from 'uuid';
import { DEFAULT_WORKSPACE } from '../shared/ids';

/** Made once for this product; another value would give every known event a new execution. */
const NAMESPACE = '6f1d3a52-9a0e-4d0b-8a0c-0d6d1b0f4c11';

/**
 * The id of the execution that `eventId` starts for a rule: always the same one, so that an event that is sent again
 * starts nothing twice. The default workspace has no part in it, because executions were there before workspaces were.
 */
export function executionIdOf(workspace: string, ruleId: string, eventId: string): string {
  // A rule's id has no "/".
  const rule = workspace === DEFAULT_WORKSPACE ? ruleId : `${workspace}/${ruleId}`;
  return uuidv5(eventId, uuidv5(rule, NAMESPACE));
}
