import { Socket } from 'node:net';
import fc from 'fast-check';
import { parseNetworks } from '../../src/delivery/address-guard';
import type { EgressSettings } from '../../src/delivery/egress';
import { parseHostPatterns } from '../../src/delivery/host-name';
import { createWebhookSender } from '../../src/delivery/send';
import { createEgress } from '../../src/delivery/egress';
import { createUrlCheck } from '../../src/delivery/url-check';
import { webhookUrlSchema } from '../../src/rules/webhook-url';
import { parseUrl } from '../../src/shared/parse-url';
import { answer, dotted, groups, ipv4, ipv6, notation4, notation6 } from '../support/address-notations';
import { strictEgress } from '../support/egress';
import { bitsOf, isGloballyReachable } from '../support/iana';
import { fuzz, type Fuzz, type FuzzTarget } from './fuzz';
import { edited, piece } from './mutations';

interface Dialled {
  host: string;
  port: number;
}

/** Where connections would have gone. Each input is tried alone. */
const dialled: Dialled[] = [];
let connections = 0;

/** Has no connection leave this process. @returns how to end that */
function dialNowhere(): () => void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- put back as it was
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    const [{ host = '', port = 0 }] = args.flat() as [Partial<Dialled>];
    connections += 1;
    dialled.push({ host, port });
    process.nextTick(() => this.destroy(new Error('nothing leaves this process')));
    return this;
  };
  return () => {
    Socket.prototype.connect = connect;
  };
}

/** Where clouds hand out keys: for nobody who has not named them. */
const METADATA = new Set(
  ['169.254.169.254', '168.63.129.16', '100.100.100.200', 'fd00:ec2::254'].map(bitsOf),
);

const SCHEMES = ['https', 'http', 'HTTPS', 'ftp', 'ws', 'file', 'javascript', 'https:https', ''];
const NAMES = [
  ...[
    'example.com',
    'EXAMPLE.com.',
    'localhost',
    'a.localhost',
    'bücher.example',
    'xn--bcher-kva.example',
    'exаmple.com',
  ],
  ...[
    'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
    '127.0.0.1.nip.io',
    'redis',
    'metadata.google.internal',
    'a\u00adb.example',
    'ﬀ.example',
    'ß.example',
  ],
  ...[
    'faß.example',
    '127。0。0。1',
    '１２７.0.0.1',
    '[::1%25lo]',
    '[fe80::1%eth0]',
    '[v1.fe80::a]',
    '%6c%6f',
    '1.1.1.1:80',
  ],
  ...[
    '0x7f.1',
    '0177.1',
    '2130706433',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '0',
    '0.0.0.0',
  ],
];
const host = fc.oneof(
  notation4,
  notation6,
  fc.constantFrom(...NAMES),
  edited(...NAMES),
  fc.domain(),
  fc.tuple(fc.constantFrom(...NAMES), piece).map(([name, odd]) => name + odd),
);
const userinfo = fc.constantFrom(
  '',
  '',
  '',
  '',
  'user@',
  'user:pass@',
  '@',
  ':@',
  'example.com@',
  'a%40b@',
  '127.0.0.1:80@',
  'x\\@',
);
const port = fc.constantFrom(
  '',
  '',
  '',
  ':',
  ':443',
  ':80',
  ':8080',
  ':22',
  ':0',
  ':00443',
  ':65536',
  ':4 43',
  ':٤',
  ':443:22',
);
const rest = fc.oneof(
  fc.constantFrom('', '/', '?x', '#x', '/a?b#c', '\\', '/..//x', '@10.0.0.1/', '\\@10.0.0.1/'),
  piece,
);
const slashes = fc.constantFrom('://', '://', '://', ':', ':/', ':///', ':\\\\', ':/\\', '://\t', '//');

const url = fc
  .tuple(fc.constantFrom(...SCHEMES, 'https', 'https', 'http'), slashes, userinfo, host, port, rest)
  .map((parts) => parts.join(''));

const network = fc
  .oneof(
    fc.tuple(ipv4.map(dotted), fc.integer({ min: 0, max: 32 })),
    fc.tuple(ipv6.map(groups), fc.integer({ min: 0, max: 128 })),
  )
  .map(([address, bits]) => `${address}/${bits}`);

const settings = fc.record({
  networks: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    fc.array(
      fc.oneof(
        network,
        fc.constantFrom('127.0.0.0/8', '10.0.0.0/8', '64:ff9b::/96', 'fd00::/8', '169.254.169.254/32'),
      ),
      {
        maxLength: 3,
      },
    ),
  ),
  hosts: fc.constantFrom('', '', 'redis', '*.example', '*.nip.io,localhost'),
  allowHttp: fc.boolean(),
});

/** A second opinion, by bits: whether an installation that has allowed these networks may call an address. */
function isAllowed(address: string, networks: readonly string[]): boolean {
  const bits = bitsOf(address);
  const fitting = networks.filter((each) => {
    const [base = '', length = ''] = each.split('/');
    return bits.startsWith(bitsOf(base).slice(0, Number(length) + 1));
  });
  if (METADATA.has(bits)) return fitting.some((each) => /\/(32|128)$/.test(each));
  if (isCarrier(bits)) return fitting.length > 0 && isAllowed(carriedBy(bits), networks);
  return fitting.length > 0 || isGloballyReachable(address);
}

/** What leads to the IPv4 address in its last 32 bits: NAT64, and the forms of IPv6 that mean an IPv4 address. */
function isCarrier(bits: string): boolean {
  const prefixes = ['::', '::ffff:0:0', '::ffff:0:0:0', '64:ff9b::'].map((prefix) =>
    bitsOf(prefix).slice(0, 97),
  );
  const isOwn = bits === bitsOf('::') || bits === bitsOf('::1');
  return !isOwn && prefixes.some((prefix) => bits.startsWith(prefix));
}

function carriedBy(bits: string): string {
  return [0, 8, 16, 24].map((from) => Number.parseInt(bits.slice(97 + from, 105 + from), 2)).join('.');
}

interface Case {
  url: string;
  said: readonly string[];
  networks: readonly string[];
  hosts: string;
  allowHttp: boolean;
}

/** Saves a URL and calls it: as a rule's, with name servers that say this of every name. */
async function tryCall({ url, said, networks, hosts, allowHttp }: Case): Promise<void> {
  const asked: string[] = [];
  const egress: EgressSettings = {
    ...strictEgress,
    allowHttp,
    allowedNetworks: parseNetworks(networks.join(',')),
    allowedHosts: parseHostPatterns(hosts),
    resolve: async (name) => {
      asked.push(name);
      return [...said];
    },
  };
  const sender = createWebhookSender({ egress: createEgress(egress), userAgent: 'fuzz' });
  const schema = webhookUrlSchema.safeParse(url);
  const [refusal] = await createUrlCheck(egress).refusals([url]);
  dialled.splice(0);
  const { delivered, attempt } = await sender.send({ workspace: 'default', url, onOversize: 'truncate' });
  const went = dialled.splice(0);
  await sender.close();

  const where = `${JSON.stringify(went)}, said ${String(refusal)}, ${JSON.stringify(attempt)}`;
  if (delivered) throw new Error(`was delivered: ${where}`);
  const name = parseUrl(url)?.hostname;
  if (asked.some((each) => each !== name)) throw new Error(`looked up ${asked.join()}, not ${String(name)}`);
  const isTrusted = name !== undefined && parseHostPatterns(hosts).some((each) => name.endsWith(each));
  for (const { host, port } of went) {
    const isFine = isTrusted ? !METADATA.has(bitsOf(host)) : isAllowed(host, networks);
    if (!isFine) throw new Error(`connects to what is not public: ${where}`);
    const isOpen = isTrusted || networks.length > 0 || strictEgress.allowedPorts.includes(port);
    if (!isOpen) throw new Error(`connects to a port that is closed: ${where}`);
    if (!isTrusted && networks.length === 0 && !allowHttp && !url.toLowerCase().includes('https'))
      throw new Error(`connects by http: ${where}`);
  }
  if (!schema.success && went.length > 0) throw new Error(`calls what is no URL of a webhook: ${where}`);
  const isOfForm = refusal?.includes('usual form') === true;
  if (refusal !== undefined && !isOfForm && went.length > 0)
    throw new Error(`calls what it refuses: ${where}`);
}

const cases: Fuzz[] = [
  fuzz(
    'addresses',
    fc.tuple(fc.oneof(notation4, notation6), fc.boolean(), answer),
    ([address, allowHttp, said]) =>
      tryCall({ url: `https://${address}/`, said, networks: [], hosts: '', allowHttp }),
  ),
  fuzz('urls', fc.tuple(url, answer, fc.boolean()), ([each, said, allowHttp]) =>
    tryCall({ url: each, said, networks: [], hosts: '', allowHttp }),
  ),
  fuzz('allow-lists', fc.tuple(url, answer, settings), ([each, said, allowed]) =>
    tryCall({ url: each, said, ...allowed }),
  ),
  fuzz(
    'look-ups',
    fc.tuple(
      fc.constantFrom('example.com', 'redis', 'a.example'),
      fc.array(fc.oneof(ipv4.map(dotted), ipv6.map(groups)), { maxLength: 12 }),
      settings,
    ),
    ([name, said, allowed]) => tryCall({ url: `https://${name}/`, said, ...allowed }),
  ),
];

/** Whatever a URL looks like, and whatever name servers say: only what may be called is connected to. */
export async function openUrlGuard(): Promise<FuzzTarget> {
  const restore = dialNowhere();
  return {
    fuzzes: cases,
    close: async () => {
      restore();
      if (connections === 0) throw new Error('nothing was connected to: this tried nothing');
    },
  };
}
