import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { Egress } from '../../src/delivery/egress';

/** The connection that a call to this URL would have. */
export async function connect(
  egress: Egress,
  url: string,
  options: Parameters<Egress['connector']>[0] = {},
): Promise<Socket> {
  return connectBy(egress.connector(options), url);
}

export async function connectBy(connector: buildConnector.connector, url: string): Promise<Socket> {
  const { protocol, hostname, host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    connector({ protocol, hostname, host, port }, (error, socket) => {
      if (error) reject(error);
      else resolve(socket);
    });
  });
}
