import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createLocalEnvironment } from '../support/temporal';
import { ApiLab } from './lab';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createLocalEnvironment();
});
afterAll(() => environment.teardown());

it('the stream of changes says at once that it is there, and ends with the service', async () => {
  const lab = await ApiLab.open(environment.nativeConnection);
  const response = await fetch(`${lab.api.url}/v1/executions/changes`, {
    headers: { authorization: `Bearer ${lab.operator().key}` },
  });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const text = response.text();
  await lab.close();
  expect(await text).toBe(': following\n\n');
});

it('nobody is told of changes whose key sees nothing', async () => {
  const lab = await ApiLab.open(environment.nativeConnection);
  const sender = await lab.colleague(lab.operator(), 'sender');
  expect((await sender.get('/v1/executions/changes')).status).toBe(403);
  await lab.close();
});
