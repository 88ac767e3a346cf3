import type { VersioningBehavior } from '@temporalio/common';
import type * as workflows from './index';

/**
 * What becomes of a workflow that runs when another build becomes the current one. `AUTO_UPGRADE`: its next task goes to that
 * build, which is safe because the tests replay a history of each of its endings. `PINNED`: it ends on the build that it began
 * on, which has to run until then.
 */
export const VERSIONING_BEHAVIORS: Record<keyof typeof workflows, VersioningBehavior> = {
  // Waits for up to 36 hours and more, for which no old build should have to be kept.
  executeRule: 'AUTO_UPGRADE',
  // Ends within minutes: it need not fit another build, and no old one is kept for long.
  dispatchEvent: 'PINNED',
  // One of 100,000 executions at 1 a second takes longer than a day.
  bulkOperation: 'AUTO_UPGRADE',
  // Waits for its time, and for a mail server that is away, without an end.
  escalationDigest: 'AUTO_UPGRADE',
  // Waits for a mail server that is away, for up to 30 days.
  disableDestination: 'AUTO_UPGRADE',
  // Of a large group it takes a while, with a store that is away days.
  runSchedule: 'AUTO_UPGRADE',
  // Waits for a channel that is away, for days.
  sendNotice: 'AUTO_UPGRADE',
  announceRecovery: 'AUTO_UPGRADE',
};
