import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { RULE_GONE_GRACE_MS } from '../../src/shared/limits';
import { retryNow } from '../../src/workflows/messages';
import { Executions, untilStatus } from '../support/executions';
import { answerBytes, answerJson, Receiver } from '../support/receiver';
import { createTimeSkippingEnvironment } from '../support/temporal';

let environment: TestWorkflowEnvironment;
let executions: Executions;
let receiver: Receiver;

beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
  const noMail = { send: () => Promise.reject(new Error('no mail is expected')) };
  executions = await Executions.start(environment, noMail, { ruleGoneGraceMs: RULE_GONE_GRACE_MS });
  receiver = await Receiver.start(answerJson(200, {}));
  executions.rulebook.put({ urls: [receiver.url] });
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(async () => {
  await executions.stop();
  await receiver.close();
  await environment.teardown();
});

describe('an attempt that does not find its rule', () => {
  it('is made when the rule is back, as after an edit that was half saved', async () => {
    jest.spyOn(executions.rulebook, 'rule').mockResolvedValueOnce(undefined).mockResolvedValueOnce(undefined);
    expect(await (await executions.trigger()).result()).toMatchObject({ status: 'delivered' });
  });

  it('abandons the execution when the rule has not come back within ten minutes', async () => {
    jest.spyOn(executions.rulebook, 'rule').mockResolvedValue(undefined);
    const execution = await executions.trigger();
    expect(await execution.result()).toMatchObject({ status: 'abandoned', reason: 'rule watch was deleted' });
    const { startTime, closeTime } = await execution.describe();
    const minutes = (Number(closeTime) - startTime.getTime()) / 60_000;
    expect(minutes).toBeGreaterThanOrEqual(10);
  });

  it('abandons an execution that is told so while it waits for a retry, without another call', async () => {
    const down = await Receiver.start(answerBytes('', {}, 503));
    executions.rulebook.put({ urls: [down.url] });
    const execution = await executions.trigger();
    await untilStatus(execution, 'waiting_for_retry');
    jest.spyOn(executions.rulebook, 'rule').mockResolvedValue(undefined);
    await execution.executeUpdate(retryNow);
    expect(await execution.result()).toMatchObject({ status: 'abandoned', reason: 'rule watch was deleted' });
    expect(down.requests).toHaveLength(1);
    await down.close();
  });
});
