import { AwayError, CommandError } from '../../src/cli/errors';
import { followAll } from '../../src/cli/follow';
import { ApiClient } from '../../src/cli/http';
import { Output } from '../../src/cli/output';
import { deliveredProgress, EXECUTION_ID, OTHER_EXECUTION_ID } from '../support/api-samples';
import { problem, ScriptedApi, SCRIPTED_KEY, stream } from '../support/scripted-api';

const route = `GET /v1/executions/${EXECUTION_ID}/follow`;
const executions = [{ executionId: EXECUTION_ID, who: 'rule' }];
const delaysMs = [1, 1, 1];

let server: ScriptedApi;
let api: ApiClient;
let stdout = '';
let out: Output;
const interruption = new AbortController();

beforeAll(async () => {
  server = await ScriptedApi.start();
  api = new ApiClient({ url: server.url, key: SCRIPTED_KEY }, interruption.signal);
});
beforeEach(() => {
  server.reset();
  stdout = '';
  out = new Output({ write: (text) => (stdout += text) }, { write: () => true }, false);
});
afterAll(() => server.close());

function follow(options: { mayBeLate?: boolean } = {}) {
  return followAll({ out, signal: interruption.signal }, api, executions, { delaysMs, ...options });
}

function printed(): string[] {
  return stdout.trimEnd().split('\n');
}

it('asks again for a stream that was cut off, and shows nothing twice', async () => {
  let asked = 0;
  server.on(route, (...args: Parameters<ReturnType<typeof stream>>) => {
    asked += 1;
    stream(deliveredProgress.slice(0, asked))(...args);
  });
  expect(await follow()).toBe(true);
  expect(printed()).toHaveLength(deliveredProgress.length);
});

it('gives up when nothing comes any more, and says that the executions go on', async () => {
  server.on(route, stream([]));
  await expect(follow()).rejects.toThrow(/The service is away\. No longer following\. The executions go on/);
});

it('counts what is no longer followed as not delivered: exit code 1', async () => {
  server.on(route, problem(503, 'Temporal cannot be reached just now.'));
  const error: unknown = await follow().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CommandError);
  expect(error).not.toBeInstanceOf(AwayError);
  expect((error as CommandError).exitCode).toBe(1);
});

it('waits for an execution that is on its way', async () => {
  let asked = 0;
  server.on(route, (...args: Parameters<ReturnType<typeof stream>>) => {
    asked += 1;
    if (asked < 3) problem(404, 'There is no such execution.')(...args);
    else stream(deliveredProgress)(...args);
  });
  expect(await follow({ mayBeLate: true })).toBe(true);
});

it('does not wait for one that is not there', async () => {
  await expect(follow()).rejects.toThrow('There is no such thing.');
});

it('follows more executions than it follows at once', async () => {
  const many = Array.from({ length: 150 }, (_, index) => ({
    executionId: `e-${index}`,
    who: `rule-${index}`,
  }));
  for (const { executionId } of many)
    server.on(`GET /v1/executions/${executionId}/follow`, stream(deliveredProgress));
  expect(await followAll({ out, signal: interruption.signal }, api, many, { delaysMs })).toBe(true);
  expect(printed()).toHaveLength(150 * deliveredProgress.length);
});

it('lines up what is followed side by side', async () => {
  server.on(route, stream(deliveredProgress.slice(2)));
  server.on(`GET /v1/executions/${OTHER_EXECUTION_ID}/follow`, stream(deliveredProgress.slice(2)));
  const both = [...executions, { executionId: OTHER_EXECUTION_ID, who: 'long-rule' }];
  await followAll({ out, signal: interruption.signal }, api, both, { delaysMs });
  expect(printed().map((line) => line.indexOf('■'))).toEqual([37, 37]);
});
