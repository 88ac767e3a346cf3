/** The workflows that a worker runs: the entry of the workflow bundle. */
export { executeRule } from './execute-rule';
