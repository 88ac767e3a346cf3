import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { Target } from './target-guard';

/**
 * Speaks TLS over a connection, with the name of the target for SNI and for its certificate.
 *
 * @throws what TLS fails with; the signal's reason. The connection is closed then.
 */
export function secure(
  connect: buildConnector.connector,
  { host, port }: Pick<Target, 'host' | 'port'>,
  socket: Socket,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => {
      socket.destroy();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort);
    const hostname = host.replace(/^\[|\]$/g, '');
    const options = { protocol: 'https:', hostname, host, port: String(port), httpSocket: socket };
    connect(options, (error, secured) => {
      signal.removeEventListener('abort', abort);
      if (error === null) resolve(secured);
      else {
        socket.destroy();
        reject(error);
      }
    });
  });
}
