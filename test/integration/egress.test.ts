import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createSecureServer } from 'node:http2';
import { Socket, type AddressInfo } from 'node:net';
import { readConfig } from '../../src/config';
import { createEgress, type Egress, type EgressSettings } from '../../src/delivery/egress';
import { createResolve, type Resolve } from '../../src/delivery/resolve';
import { createWebhookSender, type CallResult } from '../../src/delivery/send';
import { createUrlCheck } from '../../src/delivery/url-check';
import { MAX_DIALED_ADDRESSES } from '../../src/shared/limits';
import { selfSignedCertificate } from '../support/certificate';
import { connect } from '../support/connect';
import { DnsServer, type DnsAnswer } from '../support/dns-server';
import { answerJson, Receiver } from '../support/receiver';

const PUBLIC = '93.184.216.34';
const FOREVER = { from: new Date('2020-01-01'), to: new Date('2120-01-01') };

const closing: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

/** The settings of an installation, as its environment has them. */
function settingsOf(environment: Record<string, string>, resolve?: Resolve): EgressSettings {
  return { ...readConfig({}, environment).egress, ...(resolve && { resolve }) };
}

async function nameServer(...answer: Parameters<typeof DnsServer.start>): Promise<DnsServer> {
  const server = await DnsServer.start(...answer);
  closing.push(() => server.close());
  return server;
}

async function receiver(...how: Parameters<typeof Receiver.start>): Promise<Receiver> {
  const started = await Receiver.start(...how);
  closing.push(() => started.close());
  return started;
}

const closeEach = answerJson(200, {}, { connection: 'close' });

function portOf({ url }: { url: string }): string {
  return new URL(url).port;
}

function sending(egress: Egress): (url: string) => Promise<CallResult> {
  const sender = createWebhookSender({ egress, userAgent: 'test' });
  closing.push(() => sender.close());
  return (url) => sender.send({ workspace: 'default', url, body: '{}', onOversize: 'truncate' });
}

describe('a name that is rebound between look-ups', () => {
  it('reaches what it was vetted for, and is refused as soon as it names something else', async () => {
    const allowed = await receiver(closeEach, undefined, { host: '127.0.0.2' });
    const port = Number(portOf(allowed));
    const forbidden = await receiver(closeEach, undefined, { port });
    const dns = await nameServer((_name, nth) => [nth === 0 ? '127.0.0.2' : '127.0.0.1']);
    const resolve = createResolve([dns.address]);
    const send = sending(createEgress(settingsOf({ ALLOWED_NETWORKS: '127.0.0.2/32' }, resolve)));

    expect(await send(`http://rebind.test:${port}/`)).toHaveProperty('delivered', true);
    const { attempt } = await send(`http://rebind.test:${port}/`);
    expect(attempt).toHaveProperty(
      'error',
      'calls to rebind.test are not allowed: its address is not public (loopback)',
    );
    expect(allowed.requests).toHaveLength(1);
    expect(forbidden.requests).toHaveLength(0);
  });

  it('is looked up once for each connection: nothing asks again between the check and the connection', async () => {
    const target = await receiver(closeEach, undefined, { host: '127.0.0.2' });
    const dns = await nameServer((_name, nth) => [nth % 2 === 0 ? '127.0.0.2' : '127.0.0.1']);
    const resolve = createResolve([dns.address]);
    const send = sending(createEgress(settingsOf({ ALLOWED_NETWORKS: '127.0.0.2/32' }, resolve)));

    for (let call = 0; call < 6; call += 1) await send(`http://rebind.test:${portOf(target)}/`);
    expect(dns.asked).toHaveLength(6);
    expect(target.requests).toHaveLength(3);
  });

  it('may be saved while it is public, and is refused at the attempt when it is not', async () => {
    const dns = await nameServer((_name, nth) => [nth === 0 ? PUBLIC : '10.0.0.1']);
    const settings = settingsOf({}, createResolve([dns.address]));
    expect(await createUrlCheck(settings).refusals(['https://rebind.test/'])).toEqual([undefined]);
    await expect(connect(createEgress(settings), 'https://rebind.test/')).rejects.toThrow('(private)');
  });
});

describe('a host with several addresses', () => {
  async function sendWith(addresses: readonly string[]): Promise<CallResult> {
    const target = await receiver(closeEach, undefined, { host: '127.0.0.2' });
    const settings = settingsOf({ ALLOWED_NETWORKS: '127.0.0.0/8' }, async () => [...addresses]);
    return sending(createEgress(settings))(`http://many.test:${portOf(target)}/`);
  }
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Has connections to an address neither succeed nor fail. @returns the addresses that were tried */
  function stall(address?: string): string[] {
    const tried: string[] = [];
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the socket that it was called on
    const original = Socket.prototype.connect;
    jest.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args: unknown[]) {
      const [{ host = '' }] = args.flat() as [{ host?: string }];
      tried.push(host);
      return host === address ? this : original.apply(this, args as never);
    });
    return tried;
  }

  it('is reached by the next one when one refuses', async () => {
    expect(await sendWith(['127.0.0.8', '127.0.0.9', '127.0.0.2'])).toHaveProperty('delivered', true);
  });

  it('is reached by the next one while one does not answer', async () => {
    stall('127.0.0.9');
    expect(await sendWith(['127.0.0.9', '127.0.0.2'])).toHaveProperty('delivered', true);
  });

  it('none of which answers says what they said', async () => {
    expect(await sendWith(['127.0.0.8', '127.0.0.9'])).toMatchObject({ attempt: { error: 'ECONNREFUSED' } });
  });

  it('is tried at few of them', async () => {
    const tried = stall();
    await sendWith(Array.from({ length: 100 }, (_, nth) => `127.0.1.${nth}`));
    expect(tried).toHaveLength(MAX_DIALED_ADDRESSES);
  });
});

describe('looking names up', () => {
  it('is not held up by names whose servers never answer', async () => {
    const dns = await nameServer((name) => (name.startsWith('hung') ? 'silence' : [PUBLIC]));
    const resolve = createResolve([dns.address]);
    let hung = 200;
    const ends = Array.from({ length: hung }, async (_, nth) => {
      await expect(resolve(`hung-${nth}.test`, 'dns')).rejects.toThrow('no answer in time');
      hung -= 1;
    });
    expect(await resolve('quick.test', 'dns')).toEqual([PUBLIC]);
    await stat(__filename);
    expect(hung).toBe(200);
    await Promise.all(ends);
  });

  it('is done once for all that ask at the same moment', async () => {
    const dns = await nameServer(() => [PUBLIC]);
    const resolve = createResolve([dns.address]);
    const all = await Promise.all(Array.from({ length: 50 }, () => resolve('hooks.test', 'dns')));
    expect(new Set(all.flat())).toEqual(new Set([PUBLIC]));
    expect(dns.asked).toHaveLength(1);
  });

  const answers: [string, (type: 'A' | 'AAAA') => DnsAnswer, string[]][] = [
    ['addresses of both families', () => [PUBLIC, '2606:4700::1111'], [PUBLIC, '2606:4700::1111']],
    ['an address of one family, and silence', (type) => (type === 'A' ? [PUBLIC] : 'silence'), [PUBLIC]],
    ['an address of one family, and an error', (type) => (type === 'A' ? undefined : ['::1']), ['::1']],
  ];
  it.each(answers)('takes %s', async (_what, answer, addresses) => {
    const dns = await nameServer((_name, _nth, type) => answer(type));
    expect(await createResolve([dns.address])('hooks.test', 'dns')).toEqual(addresses);
  });

  it.each([
    ['an unknown name', undefined],
    ['a name without addresses', []],
  ])('says ENOTFOUND of %s', async (_what, answer) => {
    const dns = await nameServer(() => answer);
    await expect(createResolve([dns.address])('hooks.test', 'dns')).rejects.toMatchObject({
      code: 'ENOTFOUND',
    });
  });

  it('asks the name servers alone for names that anybody may have chosen', async () => {
    const by: string[] = [];
    const settings = settingsOf({ ALLOWED_HOSTS: 'hooks.internal' }, async (name, how) => {
      by.push(`${name} ${how}`);
      return [PUBLIC];
    });
    await createUrlCheck(settings).refusals(['https://hooks.internal/', 'https://hooks.example.com/']);
    expect(by).toEqual(['hooks.internal system', 'hooks.example.com dns']);
  });
});

describe('the allow-list', () => {
  const zone: Record<string, string[]> = {
    'hooks.internal': ['10.0.0.1'],
    'a.corp.test': ['192.168.1.1'],
    'partly.test': ['10.0.0.1', PUBLIC],
    'tailnet.test': ['100.64.0.7'],
    'metadata.corp.test': ['169.254.169.254'],
    'mapped.corp.test': ['::ffff:169.254.169.254'],
    'nat64.test': ['64:ff9b::93.184.216.34'],
    'nat64-private.test': ['64:ff9b::10.0.0.1'],
  };
  async function refusal(url: string, environment: Record<string, string>): Promise<string | undefined> {
    const settings = settingsOf(environment, async (name) => zone[name] ?? []);
    const [found] = await createUrlCheck(settings).refusals([url]);
    return found;
  }

  it.each([
    ['http://hooks.internal:9000/', { ALLOWED_HOSTS: 'hooks.internal' }],
    ['http://a.corp.test:9000/', { ALLOWED_HOSTS: 'x.test, *.corp.test' }],
    ['http://hooks.internal:9000/', { ALLOWED_NETWORKS: '10.0.0.0/24' }],
    ['http://10.0.0.1:9000/', { ALLOWED_NETWORKS: '10.0.0.0/24' }],
    ['http://[fd00::1]:9000/', { ALLOWED_NETWORKS: 'fd00::/8' }],
    ['http://localhost:9000/', { ALLOWED_NETWORKS: '127.0.0.0/8' }],
    ['http://localhost:9000/', { ALLOWED_NETWORKS: '::1/128' }],
    ['http://tailnet.test:9000/', { ALLOWED_NETWORKS: '100.64.0.0/10' }],
    ['https://partly.test/', { ALLOWED_NETWORKS: '10.0.0.0/8' }],
    ['http://169.254.169.254/', { ALLOWED_NETWORKS: '169.254.169.254/32' }],
    ['https://nat64.test/', { ALLOWED_NETWORKS: '64:ff9b::/96' }],
    ['http://93.184.216.34/', { ALLOW_HTTP: 'true' }],
    ['https://93.184.216.34:9443/', { ALLOWED_PORTS: '443,9443' }],
  ])('lets %s be called with %j', async (url, environment) => {
    expect(await refusal(url, environment)).toBeUndefined();
  });

  it.each([
    ['https://hooks.internal/', { ALLOWED_HOSTS: 'internal,*.hooks.internal' }, '(private)'],
    ['http://corp.test/', { ALLOWED_HOSTS: '*.corp.test' }, 'by http'],
    ['http://evilcorp.test/', { ALLOWED_HOSTS: '*.corp.test,corp.test' }, 'by http'],
    ['https://hooks.internal./', { ALLOWED_HOSTS: 'hooks.internal' }, 'dot'],
    ['http://hooks.internal/', { ALLOWED_NETWORKS: '10.0.1.0/24' }, '(private)'],
    ['http://partly.test/', { ALLOWED_NETWORKS: '10.0.0.0/8' }, 'by http'],
    ['https://partly.test:9000/', { ALLOWED_NETWORKS: '10.0.0.0/8' }, 'port 9000'],
    ['https://[::ffff:10.0.0.1]/', { ALLOWED_NETWORKS: '10.0.0.0/8' }, '(IPv4-mapped)'],
    ['https://169.254.169.254/', { ALLOWED_NETWORKS: '169.254.0.0/16' }, '(cloud metadata)'],
    ['https://100.100.100.200/', { ALLOWED_NETWORKS: '100.64.0.0/10' }, '(cloud metadata)'],
    ['https://[fd00:ec2::254]/', { ALLOWED_NETWORKS: 'fd00::/8' }, '(cloud metadata)'],
    ['https://metadata.corp.test/', { ALLOWED_HOSTS: '*.corp.test' }, '(cloud metadata)'],
    ['https://mapped.corp.test/', { ALLOWED_HOSTS: '*.corp.test' }, '(cloud metadata)'],
    ['https://nat64-private.test/', { ALLOWED_NETWORKS: '64:ff9b::/96' }, '(NAT64)'],
    ['http://localhost:9000/', { ALLOWED_NETWORKS: '10.0.0.0/8' }, '(loopback)'],
    ['https://10.0.0.1/', { ALLOW_HTTP: 'true' }, '(private)'],
    ['https://93.184.216.34:8080/', { ALLOWED_PORTS: '443' }, 'port 8080'],
  ])('does not let %s be called with %j', async (url, environment, why) => {
    expect(await refusal(url, environment)).toContain(why);
  });
});

it('the check of many hosts whose servers never answer ends in time, and refuses what is known to be refused', async () => {
  const dns = await nameServer(() => 'silence');
  const check = createUrlCheck(settingsOf({}, createResolve([dns.address])));
  const urls = Array.from({ length: 1_000 }, (_, nth) => `https://hung-${nth}.test/`);
  const refusals = await check.refusals([...urls, 'https://10.0.0.1/']);
  expect(refusals.filter((each) => each !== undefined)).toEqual([
    'calls to 10.0.0.1 (private) are not allowed',
  ]);
});

describe('TLS to a vetted address', () => {
  const name = 'hooks.test';
  const byName = () => settingsOf({ ALLOWED_HOSTS: name }, async () => ['127.0.0.1']);
  const common = { kind: 'tls' as const, name: null, origins: ['https://hooks.test'] };
  let server: { key: string; cert: string };
  beforeAll(async () => {
    server = await selfSignedCertificate(FOREVER, [name]);
  });

  it('asks for the name, not for the address, and shows it the certificate that the credential has', async () => {
    const client = await selfSignedCertificate(FOREVER);
    const target = await receiver(closeEach, { ...server, requestCert: true, ca: client.cert });
    const tls = { ...common, ca: server.cert, certificate: client.cert, private_key: client.key };
    const socket = await connect(createEgress(byName()), `https://${name}:${portOf(target)}/`, { tls });
    closing.push(async () => socket.destroy());
    expect(socket).toMatchObject({ servername: name, authorized: true });
  });

  it('trusts the authorities of the credential alone', async () => {
    const other = await selfSignedCertificate(FOREVER, [name]);
    const target = await receiver(closeEach, server);
    const opened = connect(createEgress(byName()), `https://${name}:${portOf(target)}/`, {
      tls: { ...common, ca: other.cert },
    });
    await expect(opened).rejects.toThrow(/self-signed certificate/);
  });

  it('refuses a certificate of another name', async () => {
    const other = await selfSignedCertificate(FOREVER, ['other.test']);
    const target = await receiver(closeEach, other);
    const opened = connect(createEgress(byName()), `https://${name}:${portOf(target)}/`, {
      tls: { ...common, ca: other.cert },
    });
    await expect(opened).rejects.toThrow(/not in the cert's altnames/);
  });

  it('with a key that does not fit its certificate fails, and shows nothing of it', async () => {
    const client = await selfSignedCertificate(FOREVER);
    const tls = { ...common, certificate: client.cert, private_key: server.key };
    const opened = connect(createEgress(byName()), `https://${name}:1/`, { tls });
    await expect(opened).rejects.toThrow(
      /^the client certificate, its key or the authorities cannot be used: key values mismatch$/,
    );
  });

  it.each([
    [true, 'h2'],
    [false, 'http/1.1'],
  ])('offers HTTP/2 when that is allowed: %s', async (allowHttp2, protocol) => {
    const http2 = createSecureServer({ ...server, allowHTTP1: true }).listen(0, '127.0.0.1');
    await once(http2, 'listening');
    closing.push(async () => http2.close());
    const { port } = http2.address() as AddressInfo;
    const tls = { ...common, ca: server.cert };
    const egress = createEgress({ ...byName(), allowHttp2 });
    const socket = await connect(egress, `https://${name}:${port}/`, { tls });
    closing.push(async () => socket.destroy());
    expect(socket).toHaveProperty('alpnProtocol', protocol);
  });
});
