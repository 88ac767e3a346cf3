import fc from 'fast-check';
import { isHttp2Sound } from '../../src/delivery/http2-soundness';
import { createWebhookSender, type CallResult, type WebhookSender } from '../../src/delivery/send';
import { MAX_RESPONSE_BYTES } from '../../src/shared/limits';
import { Authority } from '../support/authority';
import { trusting } from '../support/destination-call';
import { testEgress } from '../support/egress';
import { fuzz, type FuzzTarget } from './fuzz';
import { comesAtOnce, http1Answer, Http1Hostile, type Answer } from './responses/http1';
import { http2Answer, Http2Hostile, type Frame } from './responses/http2';

/** Of a call, and by how much it may be late on a machine that is busy with its bombs. Milliseconds. */
const TIMEOUT_MS = 300;
const LATE_MS = 4_000;

/** What the process may hold beyond what it held at first, once all calls are over. Bytes. */
const MAX_GROWTH = 128 * 1_048_576;

/** Batches between two looks at the memory. */
const LOOK_EVERY = 25;

/** What Temporal takes of one activity's result. Bytes. */
const MAX_RESULT = 2 * 1_048_576;

class MemoryWatch {
  private first: number | undefined;
  private batches = 0;

  /** @throws Error when there is too much */
  look(): void {
    this.batches += 1;
    if (this.batches % LOOK_EVERY !== 0) return;
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    this.first ??= heapUsed + external;
    const growth = heapUsed + external - this.first;
    if (growth > MAX_GROWTH) throw new Error(`holds ${Math.round(growth / 1_048_576)} MB more than at first`);
  }
}

/** What every result must be. @throws Error */
function checkResult({ delivered, attempt }: CallResult): void {
  if (JSON.stringify(attempt).length > MAX_RESULT) throw new Error('the result is too large for Temporal');
  if (delivered) {
    const { status, body } = attempt.response;
    if (status < 200 || status > 209) throw new Error(`${status} counts as delivered`);
    if (body.bytes > MAX_RESPONSE_BYTES) throw new Error(`${body.bytes} bytes are kept`);
  } else if (attempt.error === '' || attempt.error.length > 500 || /[\r\n\0]/.test(attempt.error)) {
    throw new Error(`an error that nobody can read: ${JSON.stringify(attempt.error)}`);
  }
  const headers = Object.entries(headersOf(attempt)).flat().join('').length;
  if (headers > 32_768) throw new Error(`${headers} characters of headers are kept`);
}

function headersOf(attempt: CallResult['attempt']): Record<string, unknown> {
  return ('response' in attempt ? attempt.response.headers : attempt.headers) ?? {};
}

async function call(sender: WebhookSender, url: string, ca?: string): Promise<CallResult> {
  const startedAt = performance.now();
  const result = await sender.send({
    workspace: 'default',
    url,
    body: '{"n":1}',
    onOversize: url.endsWith('1') ? 'fail' : 'truncate',
    timeoutMs: TIMEOUT_MS,
    ...(ca !== undefined && { tls: trusting(ca) }),
  });
  const tookMs = performance.now() - startedAt;
  if (tookMs > TIMEOUT_MS + LATE_MS) throw new Error(`ended after ${Math.round(tookMs)} ms`);
  checkResult(result);
  return result;
}

/** The answer to one request must not be taken for that to another. */
function checkOwn(result: CallResult, number: number, answers: readonly Answer[]): void {
  const shown = headersOf(result.attempt)['x-number'];
  if (typeof shown !== 'string' || shown === String(number)) return;
  const from = answers[Number(shown)];
  if (from && comesAtOnce(from)) throw new Error(`the answer to /${shown} was taken for that to /${number}`);
}

/** Whatever a receiver sends: each call ends in time with a result that can be kept, and nothing is left of it. */
export async function openResponses(): Promise<FuzzTarget> {
  const sender = createWebhookSender({ egress: testEgress(), userAgent: 'fuzz' });
  const memory = new MemoryWatch();
  const authority = await Authority.create();
  const http1 = await Http1Hostile.start();
  const http2 = await Http2Hostile.start(await authority.server());
  const count = { minLength: 1, maxLength: 40, size: 'max' as const };
  let delivered = 0;
  const settled = async (calls: Promise<CallResult>[]) => {
    const results = await Promise.all(calls);
    delivered += results.filter((result) => result.delivered).length;
    memory.look();
    return results;
  };
  return {
    fuzzes: [
      fuzz(
        'http1',
        fc.array(http1Answer, count),
        async (answers) => {
          http1.answers = answers;
          const results = await settled(
            answers.map((_, nth) => call(sender, `${http1.receiver.url}/${nth}`)),
          );
          results.forEach((result, nth) => {
            checkOwn(result, nth, answers);
          });
        },
        (answers) => answers.length,
      ),
      // The process would end with its first few inputs.
      ...(isHttp2Sound()
        ? [
            fuzz(
              'http2',
              fc.array<Frame[]>(http2Answer, count),
              async (answers) => {
                http2.answers = [...answers];
                await settled(
                  answers.map((_, nth) => call(sender, `${http2.receiver.url}/${nth}`, authority.cert)),
                );
              },
              (answers) => answers.length,
            ),
          ]
        : []),
    ],
    close: async () => {
      await sender.close();
      await http1.receiver.close();
      await http2.receiver.close();
      if (delivered === 0) throw new Error('nothing was delivered: this tried nothing');
    },
  };
}
