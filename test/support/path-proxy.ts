import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before a service that is opened below a path, which it takes away: as nginx and its like are set up. */
export class PathProxy {
  private constructor(
    private readonly server: Server,
    /** Without a slash at its end. */
    readonly url: string,
  ) {}

  /** @param path begins with a slash, and does not end with one */
  static async start(path: string, target: string): Promise<PathProxy> {
    const server = createServer((incoming, answer) => {
      const { url = '', method, headers } = incoming;
      if (!url.startsWith(`${path}/`)) {
        answer.writeHead(404).end();
        return;
      }
      const passed = request(
        target + url.slice(path.length),
        { method, headers: { ...headers, 'x-forwarded-for': '192.0.2.9' } },
        (response) => {
          answer.writeHead(response.statusCode ?? 502, response.headers);
          response.pipe(answer);
        },
      );
      passed.on('error', () => answer.destroy());
      answer.on('close', () => passed.destroy());
      incoming.pipe(passed);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PathProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
