import type { Attempt } from '../../api/types';

/** Set by curl itself. */
const OWN = ['host', 'content-length', 'accept-encoding', 'connection'];

/**
 * The call as a command for a shell. What is secret is a placeholder: the signature, and what a credential adds.
 *
 * @param webhookId the call's `webhook-id`
 */
export function curlOf({ request, url }: Attempt, webhookId: string): string {
  if (request === null || url === null) return '';
  const headers = { ...(request.headers ?? { 'content-type': 'application/json' }) };
  if (!('webhook-id' in headers)) headers['webhook-id'] = webhookId;
  return [
    `curl -X ${request.method} ${quoted(url)}`,
    ...Object.entries(headers)
      .filter(([name]) => !OWN.includes(name))
      .map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(request.body === null ? [] : [`--data-raw ${quoted(request.body)}`]),
  ].join(' \\\n  ');
}

/** Within single quotes a shell reads nothing but the end of them. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
