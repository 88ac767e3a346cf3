import type { WorkflowHandle } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { startNotice } from '../../src/client/start-notice';
import { DEFAULT_WORKSPACE, noticeWorkflowIdOf } from '../../src/shared/ids';
import type { NoticeTarget } from '../../src/shared/notices';
import type { sendNotice } from '../../src/workflows/send-notice';
import { until } from '../support/executions';
import { answerBytes } from '../support/receiver';
import { down, held, up, type Lab, type Scenario } from './scenarios';

type Sending = WorkflowHandle<typeof sendNotice>;

const toChannel: NoticeTarget = { kind: 'channel', channelId: 'ops' };

async function send(lab: Lab, target: NoticeTarget = toChannel): Promise<Sending> {
  const addressed = {
    id: randomUUID(),
    workspace: DEFAULT_WORKSPACE,
    notice: {
      type: 'destination.disabled' as const,
      origin: 'https://hooks.example.com',
      reason: 'it answered 410 Gone',
      failingSince: '2026-11-24T00:00:00.000Z',
      disabledAt: '2026-11-24T00:00:01.000Z',
    },
    target,
  };
  await startNotice(lab.executions.client, addressed);
  return lab.handleOf<typeof sendNotice>(noticeWorkflowIdOf(addressed));
}

/** Waits until the channel has refused it once. */
async function refusedOnce(sending: Sending): Promise<void> {
  await until(async () => {
    const { raw } = await sending.describe();
    return raw.pendingActivities?.find(({ lastFailure }) => lastFailure != null);
  });
}

/** The ways through `sendNotice`. */
export const noticeScenarios: Scenario[] = [
  {
    case: 'notice-sent',
    shows: 'a channel takes it',
    clock: 'real' as const,
    run: (lab: Lab) => send(lab),
  },
  {
    case: 'notice-mailed',
    shows: 'a further recipient gets an e-mail',
    clock: 'real' as const,
    run: (lab: Lab) => send(lab, { kind: 'mail', address: 'bob@example.com', name: 'Bob' }),
  },
  {
    case: 'notice-sent-after-refusals',
    shows: 'a channel is down twice, and takes it then',
    clock: 'skipped' as const,
    run(lab: Lab) {
      lab.answerWith([down, down, up]);
      return send(lab);
    },
  },
  {
    case: 'notice-to-a-deleted-channel',
    shows: 'its channel is not there any more: it fails at once',
    clock: 'real' as const,
    run(lab: Lab) {
      lab.hasChannel = false;
      return send(lab);
    },
  },
  {
    case: 'notice-given-up',
    shows: 'the mail server refuses for 30 days: it fails',
    clock: 'skipped' as const,
    run(lab: Lab) {
      lab.mail = async () => {
        throw new Error('451 try again later');
      };
      return send(lab, { kind: 'mail', address: 'bob@example.com' });
    },
  },
  {
    case: 'notice-to-a-channel-that-is-gone',
    shows: 'its channel answers 410: it fails at once',
    clock: 'real' as const,
    run(lab: Lab) {
      lab.answerWith([answerBytes('', {}, 410)]);
      return send(lab);
    },
  },
  {
    case: 'notice-cancelled',
    shows: 'cancelled while it waits to be sent again',
    clock: 'real' as const,
    async run(lab: Lab) {
      lab.answerWith([down]);
      const sending = await send(lab);
      await refusedOnce(sending);
      await sending.cancel();
      return sending;
    },
  },
  {
    case: 'notice-cancelled-too-late',
    shows: 'cancelled while it is being sent, and it is taken: it ends as completed',
    clock: 'real' as const,
    async run(lab: Lab) {
      const call = held();
      lab.answerWith([call.answer]);
      const sending = await send(lab);
      await lab.receiver.received(1);
      await sending.cancel();
      await until(async () => {
        const { events } = await sending.fetchHistory();
        return events?.find((event) => event.activityTaskCancelRequestedEventAttributes);
      });
      call.release(204);
      return sending;
    },
  },
].map((scenario) => ({ ...scenario, workflowType: 'sendNotice' }));
