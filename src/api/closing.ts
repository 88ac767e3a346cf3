import type { Socket } from 'node:net';
import type { ApiApp } from './app';

/**
 * Lets the server close as soon as what is under way is answered: a connection is not kept for another request then, and
 * those on which nothing was asked yet, which Node does not count as idle, are closed.
 */
export function closePromptly(app: ApiApp): void {
  let isClosing = false;
  const silent = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    if (isClosing) socket.destroy();
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  app.server.on('request', ({ socket }) => silent.delete(socket));
  app.addHook('preClose', async () => {
    isClosing = true;
    for (const socket of silent) socket.destroy();
  });
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close');
  });
}
