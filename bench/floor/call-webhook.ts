import { request } from 'undici';

/** What a step answered. */
export interface CalledWebhook {
  url: string;
  response: { status: number; body: string };
}

export interface FloorCall {
  url: string;
  message: object;
  webhooks: CalledWebhook[];
}

/** One POST with undici as it comes. */
export async function callWebhook({ url, message, webhooks }: FloorCall): Promise<CalledWebhook> {
  const { statusCode: status, body } = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...message, webhooks }),
  });
  const text = await body.text();
  if (status >= 300) throw new Error(`answered ${status}`);
  return { url, response: { status, body: text } };
}

export interface FloorActivities {
  callWebhook: typeof callWebhook;
}
