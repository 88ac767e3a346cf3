/** The workflows that a worker runs: the entry of the workflow bundle. */
export { announceRecovery } from './announce-recovery';
export { bulkOperation } from './bulk-operation';
export { disableDestination } from './disable-destination';
export { dispatchEvent } from './dispatch-event';
export { escalationDigest } from './escalation-digest';
export { executeRule } from './execute-rule';
export { sendNotice } from './send-notice';
export { runSchedule } from './run-schedule';
