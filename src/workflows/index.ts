/** The workflows that a worker runs: the entry of the workflow bundle. */
export { bulkOperation } from './bulk-operation';
export { disableDestination } from './disable-destination';
export { dispatchEvent } from './dispatch-event';
export { escalationDigest } from './escalation-digest';
export { executeRule } from './execute-rule';
