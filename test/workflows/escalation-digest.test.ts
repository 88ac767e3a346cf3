import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { MailMessage } from '../../src/mail/message';
import { digestWorkflowIdOf } from '../../src/shared/ids';
import { openStore } from '../../src/store/open-store';
import type { Store } from '../../src/store/store';
import type { escalationDigest } from '../../src/workflows/escalation-digest';
import type { executeRule } from '../../src/workflows/execute-rule';
import { Executions, scoreDrop, type Execution } from '../support/executions';
import { answerBytes, Receiver } from '../support/receiver';
import { createTimeSkippingEnvironment } from '../support/temporal';
import { temporaryFolder } from '../support/temporary-folder';

const HOUR = 3_600_000;

let environment: TestWorkflowEnvironment;
let receiver: Receiver;
let store: Store;
let executions: Executions;
let mails: MailMessage[];

beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
  receiver = await Receiver.start(answerBytes('', {}, 503));
  store = await openStore({ dataFolder: temporaryFolder() });
  mails = [];
  const send = async (mail: MailMessage) => {
    mails.push(mail);
    return { messageId: mail.messageId, receipt: '250 OK' };
  };
  executions = await Executions.start(environment, { send }, { escalations: store.escalations });
  executions.rulebook.put({ urls: [receiver.url], retry_schedule: [] });
});
afterAll(async () => {
  await executions.stop();
  await store.close();
  await receiver.close();
  await environment.teardown();
});

it('the first failure has a mail of its own, and three within the hour after it one together', async () => {
  // Over the client whose waiting skips no time: the hour must not pass between them.
  const resultOf = ({ workflowId }: Execution) =>
    executions.client.workflow.getHandle<typeof executeRule>(workflowId).result();
  const first = await resultOf(await executions.trigger());
  const began = await environment.currentTimeMs();
  const waiting = await Promise.all(['a', 'b', 'c'].map((id) => executions.trigger(scoreDrop(id))));
  const later = await Promise.all(waiting.map(resultOf));
  const digest = environment.client.workflow.getHandle<typeof escalationDigest>(
    digestWorkflowIdOf('default', 'watch'),
  );

  expect(await digest.result()).toEqual({ mails: 1, told: 3 });
  expect(first.escalation).toHaveProperty('messageId');
  expect(later.map(({ escalation }) => typeof escalation?.gatheredUntil)).toEqual(Array(3).fill('string'));
  expect(mails.map(({ subject }) => subject)).toEqual([
    '[Action Required] Failed Webhook Request',
    '[Action Required] 3 Failed Webhook Requests',
  ]);
  expect(await environment.currentTimeMs()).toBeGreaterThan(began + 0.99 * HOUR);
});
