import { ApplicationFailure } from '@temporalio/common';
import { activityLog } from '../../../src/observability/log/activity-log';
import { createLog } from '../../../src/observability/log/log';
import { failureTypes } from '../../../src/shared/activity-failures';

const input = { executionId: 'e1', ruleId: 'r1', stepId: 'first', retries: 2 };
const timing = { url: 'https://hooks.example.com/a?token=secret', startedAt: '', durationMs: 3 };

/** The log's lines of one attempt. */
async function linesOf(level: string, attempt: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const lines: string[] = [];
  const log = createLog({ level, role: 'worker' }, { write: (line: string) => lines.push(line) });
  const { inbound } = activityLog(log)({ info: { activityType: 'deliverWebhook' } });
  await inbound?.execute?.({ args: [input], headers: {} }, attempt).catch(() => undefined);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Whoever looks at an attempt in any way finds out. */
const unread = new Proxy({}, { get: (_target, name) => (name === 'then' ? undefined : fail(String(name))) });

function fail(name: string): never {
  throw new Error(`${name} was read`);
}

it('an attempt costs nothing where the log tells of none', async () => {
  expect(await linesOf('warn', async () => unread)).toEqual([]);
});

it('an attempt that failed is told without its URL and without what was answered', async () => {
  const failed = { ...timing, error: '503 Service Unavailable', status: 503, excerpt: 'secret' };
  const lines = await linesOf('debug', async () => {
    throw ApplicationFailure.create({ type: failureTypes.attemptFailed, details: [failed] });
  });
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'info',
      executionId: 'e1',
      workspace: 'default',
      ruleId: 'r1',
      stepId: 'first',
      attempt: 3,
      outcome: 'failed',
      status: 503,
      origin: 'https://hooks.example.com',
      durationMs: 3,
    }),
  ]);
  expect(JSON.stringify(lines)).not.toContain('secret');
});

it('a call that waits for room is told at the finest level alone', async () => {
  const wait = async () => {
    throw ApplicationFailure.create({ type: failureTypes.noRoom, message: '20 calls are under way' });
  };
  expect(await linesOf('info', wait)).toEqual([]);
  expect(await linesOf('debug', wait)).toMatchObject([{ level: 'debug', reason: '20 calls are under way' }]);
});
