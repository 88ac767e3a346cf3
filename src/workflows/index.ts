/** The workflows that a worker runs: the entry of the workflow bundle. */
export { dispatchEvent } from './dispatch-event';
export { executeRule } from './execute-rule';
