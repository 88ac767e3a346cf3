import { answerJson, Receiver, type ReceivedRequest } from '../../support/receiver';
import type { ReceivedCall } from './ledgers';
import { answerTo, ruleOf } from './scenario';

/** A receiver that answers by the script, and writes each call down. */
export class ScriptedReceiver {
  readonly calls: ReceivedCall[] = [];
  private receiver: Receiver | undefined;

  constructor(private readonly seed: number) {}

  /** @returns its address, `host:port` */
  async start(): Promise<string> {
    this.receiver = await Receiver.start((request, response) => {
      const { call, afterMs, body } = this.scripted(request);
      this.calls.push(call);
      setTimeout(() => {
        answerJson(call.status, body)(request, response);
      }, afterMs);
    });
    return new URL(this.receiver.url).host;
  }

  async stop(): Promise<void> {
    await this.receiver?.close();
  }

  private scripted({ path, headers, json, at }: ReceivedRequest) {
    // Of `webhook-id`, which is what a receiver goes by: `<execution>_<step>`.
    const [executionId = '', index = ''] = String(headers['webhook-id']).split('_');
    const step = Number(index);
    const retries = typeof json['retries'] === 'number' ? json['retries'] : 0;
    const receives = ruleOf(path.slice(1)).steps[step];
    if (receives === undefined) throw new Error(`${path} has no step ${step}`);
    const webhooks = (json['webhooks'] ?? []) as { response: { body: unknown } }[];
    const { status, body, afterMs } = answerTo(this.seed, { executionId, step, retries }, receives);
    const carried = webhooks.map(({ response }) => response.body);
    const call: ReceivedCall = { at, executionId, step, retries, carried, status };
    return { call, afterMs, body };
  }
}
