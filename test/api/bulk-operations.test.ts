import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createLocalEnvironment } from '../support/temporal';
import { ApiLab, type CheckedCaller } from './lab';

let environment: TestWorkflowEnvironment;
let lab: ApiLab;
beforeAll(async () => {
  environment = await createLocalEnvironment();
  lab = await ApiLab.open(environment.nativeConnection);
});
afterAll(async () => {
  await lab.close();
  await environment.teardown();
});

describe('a bulk operation for which no worker is up', () => {
  let operator: CheckedCaller;
  const path = '/v1/bulk-operations/waiting';
  beforeAll(async () => {
    operator = lab.operator();
    await operator.call('POST', '/v1/bulk-operations', {
      id: 'waiting',
      action: 'pause',
      filter: { rule: 'none' },
    });
  });

  it('is shown without how far it is', async () => {
    const { status, body } = await operator.get(path);
    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'running', progress: null } });
  });

  it('can be ended', async () => {
    const { status } = await operator.call('POST', `${path}/cancel`);
    expect(status).toBe(202);
  });
});

it('ending a bulk operation that is not there is a 404', async () => {
  const { status } = await lab.operator().call('POST', '/v1/bulk-operations/unknown/cancel');
  expect(status).toBe(404);
});
