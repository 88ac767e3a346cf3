import { whyNot } from '../rules/filter-reason';
import type { MadeAtOnce } from '../shared/attempt-at-once';
import { ATTEMPT_TIME_MS, MAX_CALLS_AT_ONCE } from '../shared/limits';
import { enterRoom, type CallRoom } from './call-room';
import { callWebhook, currentStep, unlessUncallable, type CallDeps } from './call-webhook';
import type { DeliverWebhookInput } from './deliver-webhook';
import { stepView, type CallContext } from './step-view';

/** For how long room is waited for here: a quick destination has some by then. Milliseconds. */
const MAX_ROOM_WAIT_MS = 100;

/** The first attempt of an execution: there is nothing before it but the event. */
export type DeliverAtOnceInput = DeliverWebhookInput & { context: CallContext };

/**
 * Makes the first attempt of an execution within the workflow task that begins it: half the work of a task of its own. Only
 * where nothing speaks against it; all else is left to `deliverWebhook`, which can hold, wait for room, and be run again.
 * Runs as a local activity. What it throws counts as not made.
 */
export function createDeliverAtOnce(deps: CallDeps & { room: CallRoom }) {
  let underWay = 0;
  return async function deliverAtOnce(input: DeliverAtOnceInput): Promise<MadeAtOnce> {
    const deadline = performance.now() + ATTEMPT_TIME_MS;
    const current = await currentStep(deps, input);
    const { rule, step, origin, workspace, messageId } = current;
    const { context, test } = input;
    if (rule.paused_at != null && !test) return { notNow: 'the rule is paused' };
    if (step.if) {
      const skipped = whyNot(step.if, stepView(context));
      if (skipped !== undefined) return { skipped };
    }
    const called = await unlessUncallable(step, async () => {
      const settings = await deps.callSettings.callSettings(workspace, origin, step);
      const { standing, isFailing, limits } = settings;
      if (standing.disabled !== null || standing.openUntil !== null || isFailing) {
        return { notNow: `${origin} is not known to work` };
      }
      if (underWay >= MAX_CALLS_AT_ONCE) return { notNow: 'too many calls are made at once here' };
      underWay += 1;
      try {
        const leave = await enterRoom(
          deps.room,
          { workspace, to: origin, limits, id: messageId },
          MAX_ROOM_WAIT_MS,
        );
        return await callWebhook(deps, input, current, { settings, context, deadline }).finally(leave);
      } finally {
        underWay -= 1;
      }
    });
    return 'response' in called || 'notNow' in called ? called : { failed: called };
  };
}
