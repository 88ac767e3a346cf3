import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { temporal } from '@temporalio/proto';
import type { HistoryEvent } from '../../../src/client/history-pages';
import { manifest, textOf } from '../../replay/histories';

const { History } = temporal.api.history.v1;

/** The recorded executions: the old ones were made before workspaces, conditions and templates. */
export const recorded = manifest().filter(({ workflowType }) => workflowType === 'executeRule');

/** The events of a recorded execution, as they come from a server: with 64-bit integers that are `Long`. */
export function eventsOf(name: string): HistoryEvent[] {
  const entry = recorded.find((each) => each.case === name);
  if (entry === undefined) throw new Error(`there is no history ${name}`);
  const history = historyFromJSON(JSON.parse(textOf(entry)));
  return History.decode(History.encode(history).finish()).events;
}
