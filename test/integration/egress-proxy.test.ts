import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import tls from 'node:tls';
import { readConfig } from '../../src/config';
import { createEgress, type Egress, type EgressSettings } from '../../src/delivery/egress';
import type { EgressProxy } from '../../src/destinations/call-settings';
import { selfSignedCertificate } from '../support/certificate';
import { connect } from '../support/connect';
import { ConnectProxy } from '../support/connect-proxy';
import { answerJson, Receiver } from '../support/receiver';

const PUBLIC = '93.184.216.34';
const PUBLIC_TOO = '93.184.216.35';
const FOREVER = { from: new Date('2020-01-01'), to: new Date('2120-01-01') };
const PASSWORD = 'hunter2-hunter2';

const zone: Record<string, string[]> = {
  'hooks.test': [PUBLIC],
  'two.test': [PUBLIC, PUBLIC_TOO],
  'six.test': ['2606:4700::1111'],
  'inside.test': ['10.0.0.1'],
  'own.test': ['127.0.0.1'],
};

const closing: (() => unknown)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

async function receiver(
  ...how: Parameters<typeof Receiver.start>
): Promise<{ target: Receiver; port: number }> {
  const target = await Receiver.start(...how);
  closing.push(() => target.close());
  return { target, port: Number(new URL(target.url).port) };
}

async function proxy(...how: Parameters<typeof ConnectProxy.start>): Promise<ConnectProxy> {
  const started = await ConnectProxy.start(...how);
  closing.push(() => started.close());
  return started;
}

/** A server in the place of a proxy. */
async function noProxy(answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .once('data', () => {
        answer(socket);
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function egressOf(environment: Record<string, string>): Egress {
  const settings: EgressSettings = {
    ...readConfig({}, environment).egress,
    resolve: async (name) => zone[name] ?? [],
  };
  return createEgress(settings);
}

/** What comes back over the connection that a call to this URL would have. */
async function call(
  egress: Egress,
  url: string,
  options: Parameters<Egress['connector']>[0] = {},
): Promise<string> {
  const socket = await connect(egress, url, options);
  closing.push(() => socket.destroy());
  socket.write(`GET / HTTP/1.1\r\nhost: ${new URL(url).host}\r\nconnection: close\r\n\r\n`);
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes.toString();
}

const ownProxy = (url: string, more: Partial<EgressProxy> = {}): EgressProxy => ({
  url,
  noProxy: [],
  ...more,
});

const asTls = (ca: string) => ({ kind: 'tls' as const, name: null, origins: ['https://hooks.test'], ca });

describe('a call through the proxy of the installation', () => {
  it('has the proxy connect to the vetted address, and asks that for the name', async () => {
    const certificate = await selfSignedCertificate(FOREVER, ['hooks.test']);
    const { target, port } = await receiver(answerJson(200, {}), certificate);
    const by = await proxy(() => ({ port }));
    const answer = await call(egressOf({ HTTPS_PROXY: by.url }), 'https://hooks.test/', {
      tls: asTls(certificate.cert),
    });
    expect(answer).toMatch(/^HTTP\/1.1 200/);
    expect(by.asked).toEqual([`${PUBLIC}:443`]);
    expect(target.requests[0]?.headers.host).toBe('hooks.test');
  });

  it('by http goes through a tunnel too', async () => {
    const { port } = await receiver();
    const by = await proxy(() => ({ port }));
    const egress = egressOf({ HTTPS_PROXY: by.url, ALLOW_HTTP: 'true' });
    expect(await call(egress, 'http://hooks.test:8080/')).toMatch(/^HTTP\/1.1 200/);
    expect(by.asked).toEqual([`${PUBLIC}:8080`]);
  });

  it('names an IPv6 address in brackets', async () => {
    const { port } = await receiver();
    const by = await proxy(() => ({ port }));
    await call(egressOf({ HTTPS_PROXY: by.url, ALLOW_HTTP: 'true' }), 'http://six.test/');
    expect(by.asked).toEqual(['[2606:4700::1111]:80']);
  });

  it('shows the proxy the credentials that the setting has', async () => {
    const { port } = await receiver();
    const by = await proxy(() => ({ port }));
    const url = by.url.replace('//', '//user:p%40ss@');
    await call(egressOf({ HTTPS_PROXY: url, ALLOW_HTTP: 'true' }), 'http://hooks.test/');
    expect(by.authorizations).toEqual([`Basic ${Buffer.from('user:p@ss').toString('base64')}`]);
  });

  it('tries the next address when the proxy cannot reach one', async () => {
    const { port } = await receiver();
    const by = await proxy((authority) => (authority.startsWith(PUBLIC_TOO) ? { port } : { status: 502 }));
    await call(egressOf({ HTTPS_PROXY: by.url, ALLOW_HTTP: 'true' }), 'http://two.test/');
    expect(by.asked).toEqual([`${PUBLIC}:80`, `${PUBLIC_TOO}:80`]);
  });

  it('to what is not public is refused before the proxy hears of it', async () => {
    const by = await proxy(() => ({ status: 500 }));
    const egress = egressOf({ HTTPS_PROXY: by.url });
    await expect(call(egress, 'https://inside.test/')).rejects.toThrow('(private)');
    await expect(call(egress, 'https://127.0.0.1/')).rejects.toThrow('(loopback)');
    expect(by.asked).toEqual([]);
  });

  it('to an allowed network goes through it as well', async () => {
    const { port } = await receiver();
    const by = await proxy(() => ({ port }));
    await call(egressOf({ HTTPS_PROXY: by.url, ALLOWED_NETWORKS: '10.0.0.0/8' }), 'http://inside.test:9000/');
    expect(by.asked).toEqual(['10.0.0.1:9000']);
  });

  it.each(['own.test', '127.0.0.1'])(
    'to this machine (%s) goes directly: for the proxy, it is the proxy',
    async (host) => {
      const { port } = await receiver();
      const by = await proxy(() => ({ status: 500 }));
      const egress = egressOf({ HTTPS_PROXY: by.url, ALLOWED_NETWORKS: '127.0.0.0/8' });
      expect(await call(egress, `http://${host}:${port}/`)).toMatch(/^HTTP\/1.1 200/);
      expect(by.asked).toEqual([]);
    },
  );

  it('to a host of NO_PROXY goes directly, under the same guard', async () => {
    const by = await proxy(() => ({ status: 500 }));
    const egress = egressOf({ HTTPS_PROXY: by.url, NO_PROXY: 'inside.test' });
    await expect(call(egress, 'https://inside.test/')).rejects.toThrow('(private)');
    expect(by.asked).toEqual([]);
  });
});

describe('a proxy that does not do its work', () => {
  const failing = (url: string) =>
    call(egressOf({ HTTPS_PROXY: url.replace('//', `//user:${PASSWORD}@`) }), 'https://hooks.test/');

  it.each([
    [403, '403 Forbidden'],
    [407, '407 Proxy Authentication Required'],
    [502, '502 Bad Gateway'],
  ])('by answering %i is named, with its answer and without its password', async (status, answer) => {
    const by = await proxy(() => ({ status }));
    const { host } = new URL(by.url);
    const message = `the proxy ${host} refused the connection: ${answer}`;
    await expect(failing(by.url)).rejects.toThrow(new Error(message));
  });

  it('by asking for a password is asked for one address alone', async () => {
    const by = await proxy(() => ({ status: 407 }));
    await expect(call(egressOf({ HTTPS_PROXY: by.url }), 'https://two.test/')).rejects.toThrow('407');
    expect(by.asked).toHaveLength(1);
  });

  it.each<[string, (socket: Socket) => void, RegExp]>([
    ['not speaking HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), /did not answer with HTTP$/],
    ['closing the connection', (socket) => socket.end(), /ended the connection \(ECONNRESET\)$/],
    [
      'answering in the place of the receiver',
      (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'),
      /sent more than its answer$/,
    ],
    [
      'sending headers without end',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`),
      /did not answer with HTTP$/,
    ],
  ])('by %s is named', async (_how, answer, error) => {
    await expect(failing(await noProxy(answer))).rejects.toThrow(error);
  });

  it('by never answering is given up within the time of a call', async () => {
    const url = await noProxy(() => undefined);
    await expect(failing(url)).rejects.toThrow('not connected within 5 s');
  });

  it('by not being there is named', async () => {
    await expect(failing('http://127.0.0.1:1')).rejects.toThrow(
      'the proxy 127.0.0.1:1 cannot be reached: ECONNREFUSED',
    );
  });
});

describe('a call through the proxy of a workspace', () => {
  const open = { ALLOWED_NETWORKS: '127.0.0.0/8', ALLOW_HTTP: 'true' };

  it('goes through it in the place of the way that others go', async () => {
    const { port } = await receiver();
    const own = await proxy(() => ({ port }));
    const options = { proxy: ownProxy(own.url, { username: 'team', password: PASSWORD }) };
    expect(await call(egressOf(open), 'http://hooks.test/', options)).toMatch(/^HTTP\/1.1 200/);
    expect(own.asked).toEqual([`${PUBLIC}:80`]);
    expect(own.authorizations).toEqual([`Basic ${Buffer.from(`team:${PASSWORD}`).toString('base64')}`]);
  });

  it('is refused when that is where a receiver might not be', async () => {
    const own = await proxy(() => ({ status: 500 }));
    const { host } = new URL(own.url);
    const options = { proxy: ownProxy(own.url) };
    await expect(call(egressOf({ ALLOW_HTTP: 'true' }), 'http://hooks.test/', options)).rejects.toThrow(
      `the proxy ${host} cannot be reached: calls to 127.0.0.1 (loopback) are not allowed`,
    );
    expect(own.asked).toEqual([]);
  });

  it.each(['http://inside.test:80', 'http://169.254.169.254:80', 'http://localhost:80', 'http://[::1]:80'])(
    'is refused for a proxy at %s',
    async (url) => {
      const opened = call(egressOf({ ALLOW_HTTP: 'true' }), 'http://hooks.test/', { proxy: ownProxy(url) });
      await expect(opened).rejects.toThrow('not allowed');
    },
  );

  it('does not get to what is not public', async () => {
    const own = await proxy(() => ({ status: 500 }));
    const options = { proxy: ownProxy(own.url, { noProxy: ['*'] }) };
    await expect(call(egressOf(open), 'http://inside.test/', options)).rejects.toThrow('(private)');
    await expect(call(egressOf(open), 'http://inside.test/', { proxy: ownProxy(own.url) })).rejects.toThrow(
      '(private)',
    );
    expect(own.asked).toEqual([]);
  });

  it('reaches it by the proxy of the installation, which nothing passes by', async () => {
    const { port } = await receiver();
    zone['proxy.test'] = [PUBLIC_TOO];
    const own = await proxy(() => ({ port }));
    const ours = await proxy(() => ({ port: Number(new URL(own.url).port) }));
    const egress = egressOf({ HTTPS_PROXY: ours.url, ALLOW_HTTP: 'true' });
    const options = { proxy: ownProxy('http://proxy.test:8080') };
    expect(await call(egress, 'http://hooks.test/', options)).toMatch(/^HTTP\/1.1 200/);
    expect(ours.asked).toEqual([`${PUBLIC_TOO}:8080`]);
    expect(own.asked).toEqual([`${PUBLIC}:80`]);
  });

  it('goes the way of the installation to hosts that the workspace excepts', async () => {
    const { port } = await receiver();
    const own = await proxy(() => ({ status: 500 }));
    const ours = await proxy(() => ({ port }));
    const egress = egressOf({ ...open, HTTPS_PROXY: ours.url });
    await call(egress, 'http://hooks.test/', { proxy: ownProxy(own.url, { noProxy: ['hooks.test'] }) });
    expect([own.asked, ours.asked]).toEqual([[], [`${PUBLIC}:80`]]);
  });

  it('whose exceptions cannot be understood fails', async () => {
    const options = { proxy: ownProxy('http://127.0.0.1:1', { noProxy: ['a b'] }) };
    await expect(call(egressOf(open), 'http://hooks.test/', options)).rejects.toThrow('"a b" is not a host');
  });
});

it('a proxy is spoken to over TLS when its URL says so, and must be who it says it is', async () => {
  const certificate = await selfSignedCertificate(FOREVER);
  const by = await proxy(() => ({ status: 500 }), certificate);
  const { host } = new URL(by.url);
  await expect(call(egressOf({ HTTPS_PROXY: by.url }), 'https://hooks.test/')).rejects.toThrow(
    `the proxy ${host} cannot be reached: self-signed certificate`,
  );
  expect(by.asked).toEqual([]);
});

it('proxies that are spoken to over TLS carry another proxy and the receiver, each over TLS of its own', async () => {
  // Whom the system trusts cannot be set in a process that runs; this is about what goes through what.
  const original = tls.connect.bind(tls) as (options: tls.ConnectionOptions) => tls.TLSSocket;
  const trusting = (options: tls.ConnectionOptions) => original({ ...options, rejectUnauthorized: false });
  const spy = jest.spyOn(tls, 'connect').mockImplementation(trusting as never);
  closing.push(() => {
    spy.mockRestore();
  });
  const certificate = await selfSignedCertificate(FOREVER, ['hooks.test']);
  const { target, port } = await receiver(answerJson(200, {}), certificate);
  zone['proxy.test'] = [PUBLIC_TOO];
  const own = await proxy(() => ({ port }), certificate);
  const ours = await proxy(() => ({ port: Number(new URL(own.url).port) }), certificate);
  const egress = egressOf({ HTTPS_PROXY: ours.url });
  const options = { proxy: ownProxy('https://proxy.test'), tls: asTls(certificate.cert) };
  expect(await call(egress, 'https://hooks.test/', options)).toMatch(/^HTTP\/1.1 200/);
  expect([ours.asked, own.asked]).toEqual([[`${PUBLIC_TOO}:443`], [`${PUBLIC}:443`]]);
  expect(target.requests[0]?.headers.host).toBe('hooks.test');
});
