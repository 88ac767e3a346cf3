import pino from 'pino';
import { SdkLog } from '../../../src/observability/log/sdk-log';

/** What is logged at a level. */
function logged(level: string, act: (log: SdkLog) => void): { level: number; msg: string }[] {
  const lines: string[] = [];
  act(new SdkLog(pino({ level }, { write: (line: string) => void lines.push(line) })));
  return lines.map((line) => JSON.parse(line) as { level: number; msg: string });
}

it('what the SDK warns of is a warning', () => {
  expect(
    logged('info', (log) => {
      log.warn('gRPC call failed');
    }),
  ).toMatchObject([{ level: 40, msg: 'gRPC call failed' }]);
});

it('a workflow task that waited for a slow receiver is no warning', () => {
  const act = (log: SdkLog) => {
    log.warn('[TMPRL1104] 01a2:4:1 Workflow task duration exceeded 5 seconds.', { sdkComponent: 'core' });
  };
  expect([logged('info', act).length, logged('debug', act).length]).toEqual([0, 1]);
});
