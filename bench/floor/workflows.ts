import { proxyActivities } from '@temporalio/workflow';
import type { CalledWebhook, FloorActivities } from './call-webhook';

/** The input of the floor: what the product's executions have as well, and no more. */
export interface FloorInput {
  /** Called for each step but the last one, and for that. */
  urls: { step: string; last: string };
  steps: number;
  message: object;
  /** When it begins, in place of a retry. Milliseconds since 1970. */
  notBefore?: number;
}

const { callWebhook } = proxyActivities<FloorActivities>({ startToCloseTimeout: '15 seconds' });

/** The bare floor: one activity after the other, each given what the earlier ones answered. */
export async function floor({ urls, steps, message, notBefore }: FloorInput): Promise<number> {
  if (notBefore !== undefined) await new Promise((resolve) => setTimeout(resolve, notBefore - Date.now()));
  const webhooks: CalledWebhook[] = [];
  for (let step = 1; step <= steps; step += 1) {
    const url = step === steps ? urls.last : urls.step;
    webhooks.push(await callWebhook({ url, message, webhooks }));
  }
  return webhooks.length;
}
