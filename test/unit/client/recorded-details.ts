import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow';
import { executionDetail } from '../../../src/client/execution-detail';
import { ExecutionTimeline } from '../../../src/client/execution-timeline';
import type { ExecutionDetail } from '../../../src/client/executions';
import type { HistoryEvent } from '../../../src/client/history-pages';
import { eventsOf } from './recorded-events';

/** A recorded execution, or the beginning of one, as people are shown it. */
export async function read(
  events: HistoryEvent[],
): Promise<{ timeline: ExecutionTimeline; detail: ExecutionDetail }> {
  const timeline = new ExecutionTimeline(loadDataConverter());
  for (const event of events) await timeline.read(event);
  if (timeline.execution === undefined) throw new Error('the history has no beginning');
  return { timeline, detail: executionDetail(timeline.execution, timeline) };
}

export const detailOf = async (name: string) => (await read(eventsOf(name))).detail;

/** The execution as it stood before the `nth` event of a kind. */
export async function detailBefore(
  name: string,
  attributes: keyof HistoryEvent,
  nth = 1,
): Promise<ExecutionDetail> {
  const events = eventsOf(name);
  let seen = 0;
  const end = events.findIndex((event) => event[attributes] && (seen += 1) === nth);
  return (await read(events.slice(0, end))).detail;
}
