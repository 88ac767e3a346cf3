import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Link } from './link';

/** Says everything back. */
let echo: Server;
let link: Link;
let arrived = '';
beforeAll(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      arrived += chunk.toString();
      socket.write(chunk);
    });
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
});
beforeEach(async () => {
  arrived = '';
  link = await Link.open('test-echo', `127.0.0.1:${(echo.address() as AddressInfo).port}`);
});
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await link.close();
});
afterAll(() => echo.close());

/** @param by the link, unless told */
async function connected(by = link.address): Promise<Socket> {
  const socket = dial(by);
  await once(socket, 'connect');
  return socket;
}

function dial(by = link.address): Socket {
  const [host = '', port = ''] = by.split(':');
  const socket = connect(Number(port), host);
  sockets.push(socket);
  socket.on('error', () => undefined);
  return socket;
}

/** Why a socket was broken off. */
async function broken(socket: Socket): Promise<string | undefined> {
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  return error.code;
}

async function echoed(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

describe('a link between two parties', () => {
  it('lets everything pass', async () => {
    expect(await echoed(await connected(), 'hello')).toBe('hello');
  });

  it('resets what is connected when it is cut, and whatever connects until it is mended', async () => {
    const socket = await connected();
    await echoed(socket, 'hello');
    const reason = broken(socket);
    link.cut();
    expect(await reason).toBe('ECONNRESET');
    expect(await broken(dial())).toBe('ECONNRESET');
    link.mend();
    expect(await echoed(await connected(), 'again')).toBe('again');
  });

  it('keeps what it swallows until it is mended', async () => {
    const socket = await connected();
    await echoed(socket, 'hello');
    link.swallow();
    const answer = echoed(socket, 'held');
    expect(arrived).toBe('hello');
    link.mend();
    expect(await answer).toBe('held');
  });

  it('does not pass on late what its sender has given up', async () => {
    const socket = await connected();
    await echoed(socket, 'hello');
    link.swallow();
    socket.end('given up');
    // By another way, until the link has read that it was given up.
    await echoed(await connected(link.target), '!');
    link.mend();
    await echoed(await connected(), '?');
    expect(arrived).toBe('hello!?');
  });

  it('holds each piece of data when it is slow', async () => {
    const socket = await connected();
    link.slow(100);
    const began = Date.now();
    await echoed(socket, 'hello');
    // There and back; timers may be early by a millisecond.
    expect(Date.now() - began).toBeGreaterThanOrEqual(198);
  });
});
