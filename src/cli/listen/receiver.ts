import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReceivedRequest } from './request-report';

/** What is kept of a body, to be shown. The rest is read and dropped. Bytes. */
const MAX_KEPT_BYTES = 1_048_576;

/** How a receiver answers. */
export interface Answers {
  status: number;
  /** So many requests are answered with 503 first. */
  failFirst: number;
  delayMs: number;
}

export interface Receiver {
  port: number;
  close: () => Promise<void>;
}

/**
 * Receives requests, tells of each when its body is there, and answers with `{"ok":true}`, or `{"ok":false}` under a status
 * that is an error.
 *
 * @param address without a host: every address of this machine
 * @throws Error of the system when the port cannot be had
 */
export async function startReceiver(
  address: { host?: string; port: number },
  { status, failFirst, delayMs }: Answers,
  onRequest: (request: ReceivedRequest) => void,
): Promise<Receiver> {
  let left = failFirst;
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((message, response) => {
    void receive(message).then((received) => {
      if (received === undefined) return;
      const answer = left > 0 ? 503 : status;
      left = Math.max(0, left - 1);
      onRequest({ ...received, status: answer });
      const timer = setTimeout(() => {
        timers.delete(timer);
        respond(response, answer);
      }, delayMs);
      timers.add(timer);
    });
  });
  server.listen(address);
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]) => Promise.reject(error as Error)),
  ]);
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** @returns undefined when the sender went away before its body was there */
async function receive(message: IncomingMessage): Promise<Omit<ReceivedRequest, 'status'> | undefined> {
  const at = new Date().toISOString();
  const chunks: Buffer[] = [];
  let kept = 0;
  let dropped = 0;
  try {
    for await (const chunk of message) {
      const part = (chunk as Buffer).subarray(0, MAX_KEPT_BYTES - kept);
      chunks.push(part);
      kept += part.length;
      dropped += (chunk as Buffer).length - part.length;
    }
  } catch {
    return undefined;
  }
  const { method = '', url = '', headers } = message;
  return { at, method, path: url, headers, body: Buffer.concat(chunks), dropped };
}

function respond(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  // Those statuses have no body.
  const hasBody = status !== 204 && status !== 304;
  response.end(hasBody ? JSON.stringify({ ok: status < 300 }) : undefined);
}
