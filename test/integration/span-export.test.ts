import { OtlpCollector } from '../support/otlp-collector';
import { Program } from '../support/program';
import { answerJson, Receiver } from '../support/receiver';

/** What a process says that has written spans. */
interface Written {
  warnings: string[];
  stopMs: number;
  /** Of the last span. */
  traceparent: string;
}

let collector: OtlpCollector;
beforeEach(async () => {
  collector = await OtlpCollector.start();
});
afterEach(() => collector.close());

async function write(endpoint: string, count: number, parent: string[] = []): Promise<Written> {
  const args = [`${endpoint}/v1/traces`, String(count), ...parent];
  const program = Program.start('../test/support/span-writer.cjs', args, {});
  await program.ended();
  return JSON.parse(program.output) as Written;
}

it('a collector gets what was ended, with the service’s name and its own headers', async () => {
  await write(collector.endpoint, 1);
  expect(collector.spans()).toMatchObject([
    { name: 'work', attributes: { size: 7, outcome: 'done' }, resource: { 'service.name': 'rules' } },
  ]);
  expect(collector.requests[0]?.headers.authorization).toBe('Bearer hush-hush');
});

it('a trace that its sender does not keep goes on, and no collector gets it', async () => {
  const { traceparent } = await write(collector.endpoint, 1, [`00-${'1'.repeat(32)}-${'2'.repeat(16)}-00`]);
  expect(traceparent).toMatch(/^00-1{32}-(?!2{16})[0-9a-f]{16}-00$/);
  expect(collector.requests).toEqual([]);
});

it('a collector that refuses is told of once, without what was sent to it', async () => {
  const refusing = await Receiver.start(answerJson(401, {}));
  const { warnings } = await write(refusing.url, 1_500);
  await refusing.close();
  expect(refusing.requests.length).toBeGreaterThan(1);
  expect(warnings).toEqual([
    `Spans are dropped: ${refusing.url}/v1/traces does not take them (401 Unauthorized)`,
  ]);
});

it('a collector that is away keeps no process from ending', async () => {
  const { stopMs } = await write('http://127.0.0.1:1', 5_000);
  expect(stopMs).toBeLessThan(4_000);
});
