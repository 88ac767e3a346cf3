import { request, STATUS_CODES } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import type { VettedAddress } from './address-guard';
import { CallRefused } from './call-error';
import { MAX_RESPONSE_HEADER_BYTES } from '../shared/limits';

/** The answer of a proxy that has not opened the tunnel. */
export class TunnelRefused extends CallRefused {
  constructor(
    proxy: string,
    readonly status: number,
  ) {
    super(`the proxy ${proxy} refused the connection: ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd());
  }
}

/**
 * Has an HTTP proxy open a tunnel (CONNECT) to an address. To an address, never to a name: the proxy cannot be brought to
 * look up another one than was vetted.
 *
 * @param socket a connection to the proxy; it is the tunnel afterwards, and destroyed when there is none
 * @param proxy how the proxy is named in errors
 * @param authorization of `proxy-authorization`
 * @throws TunnelRefused; CallRefused when the proxy does not speak HTTP; the signal's reason
 */
export async function openTunnel(
  socket: Socket,
  { address, port }: { address: VettedAddress; port: number },
  {
    proxy,
    authorization,
    signal,
  }: { proxy: string; authorization?: string | undefined; signal: AbortSignal },
): Promise<Socket> {
  const authority = `${isIPv6(address) ? `[${address}]` : address}:${port}`;
  try {
    return await new Promise<Socket>((resolve, reject) => {
      request({
        method: 'CONNECT',
        path: authority,
        headers: {
          host: authority,
          connection: 'keep-alive',
          ...(authorization !== undefined && { 'proxy-authorization': authorization }),
        },
        createConnection: () => socket,
        maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
        signal,
      })
        .on('connect', ({ statusCode = 0 }, tunnel: Socket, head) => {
          // Neither TLS nor HTTP has a server that speaks first: whatever comes is no receiver's.
          if (statusCode < 200 || statusCode > 299) reject(new TunnelRefused(proxy, statusCode));
          else if (head.length > 0) reject(new CallRefused(`the proxy ${proxy} sent more than its answer`));
          else resolve(tunnel);
        })
        .on('error', (error) => {
          reject(signal.aborted ? (signal.reason as Error) : unusable(proxy, error));
        })
        .end();
    });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function unusable(proxy: string, { code = '' }: NodeJS.ErrnoException): CallRefused {
  if (code.startsWith('HPE_')) return new CallRefused(`the proxy ${proxy} did not answer with HTTP`);
  return new CallRefused(`the proxy ${proxy} ended the connection${code === '' ? '' : ` (${code})`}`);
}
