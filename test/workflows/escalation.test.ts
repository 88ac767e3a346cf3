import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createMailTransport } from '../../src/mail/transport';
import { Executions, secondsOfCalls } from '../support/executions';
import { answerBytes, Receiver } from '../support/receiver';
import { SmtpTestServer } from '../support/smtp';
import { createTimeSkippingEnvironment } from '../support/temporal';
import { temporaryFolder } from '../support/temporary-folder';

const HOUR = 3_600_000;

let environment: TestWorkflowEnvironment;
let receiver: Receiver;
let smtp: SmtpTestServer;

beforeEach(async () => {
  environment = await createTimeSkippingEnvironment();
  receiver = await Receiver.start(answerBytes('', {}, 503));
  smtp = await SmtpTestServer.start();
});
afterEach(async () => {
  await receiver.close();
  await smtp.stop();
  await environment.teardown();
});

it('an escalation whose SMTP server fails for two days goes through when it is back', async () => {
  const began = await environment.currentTimeMs();
  const transport = createMailTransport({ smtpUrl: smtp.url(), folder: temporaryFolder() });
  const executions = await Executions.start(environment, {
    send: async (message) => {
      const back = began + (36 + 48) * HOUR;
      smtp.behaviour = (await environment.currentTimeMs()) < back ? 'refuse' : 'accept';
      return transport.send(message);
    },
  });
  executions.rulebook.put({ urls: [receiver.url] });
  const execution = await executions.trigger();
  const report = await execution.result();

  expect(report).toMatchObject({ status: 'escalated', escalation: { to: 'ada@example.com' } });
  expect(smtp.received).toHaveLength(1);
  expect((await environment.currentTimeMs()) - began).toBeGreaterThanOrEqual((36 + 48) * HOUR);
  expect(await secondsOfCalls(execution, 'escalate')).toEqual([0]);
  await executions.stop();
});
