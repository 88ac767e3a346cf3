import ipaddr from 'ipaddr.js';

/** A network in CIDR form: its address and the length of its prefix. */
export type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

declare const vetted: unique symbol;

/** An address that may be connected to. Only `TargetGuard` makes one. */
export type VettedAddress = string & { [vetted]: true };

/**
 * Parses the list of networks that may be called although they are not public, e.g. `127.0.0.0/8,10.1.0.0/16`.
 *
 * @throws Error naming the entry that is not a network in CIDR form
 */
export function parseNetworks(list: string): Network[] {
  return list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      if (!ipaddr.isValidCIDR(entry)) throw new Error(`"${entry}" is not a network such as 10.1.0.0/16`);
      return ipaddr.parseCIDR(entry);
    });
}

/**
 * What is not public: the special-purpose registries of IANA for IPv4 and IPv6, multicast, what IPv6 carries IPv4 in, and
 * prefixes that only lead to relays and sinks. The first that matches names the address.
 */
const NOT_PUBLIC = kinds({
  unspecified: ['0.0.0.0/8', '::/128'],
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10'],
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
  'carrier-grade NAT': ['100.64.0.0/10'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
  broadcast: ['255.255.255.255/32'],
  documentation: ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'],
  benchmarking: ['198.18.0.0/15', '2001:2::/48'],
  'IPv4-mapped': ['::ffff:0:0/96'],
  'IPv4-translated': ['::ffff:0:0:0/96'],
  'IPv4-compatible': ['::/96'],
  NAT64: ['64:ff9b::/96', '64:ff9b:1::/48'],
  '6to4': ['192.88.99.0/24', '2002::/16'],
  Teredo: ['2001::/32'],
  // Protocol assignments, AMT relays, AS112 sinks, and what is not handed out.
  reserved: [
    '192.0.0.0/24',
    '192.31.196.0/24',
    '192.52.193.0/24',
    '192.175.48.0/24',
    '240.0.0.0/4',
    '2001::/23',
    '2620:4f:8000::/48',
  ],
});

/** All of IPv6 that is handed out for use on the Internet. */
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::');

/**
 * Where clouds tell a machine who it is, and give it the keys that go with that. Some are public addresses to look at
 * (Azure's 168.63.129.16), others lie in networks that people have reason to allow (Tailscale's 100.64.0.0/10, fd00::/8).
 */
const METADATA = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '169.254.42.42',
  '169.254.0.23',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  'fd00:42::42',
  'fe80::a9fe:a9fe',
]);

/** What carries an IPv4 address in its last 32 bits, and so leads to that one, or is meant to. */
const CARRIERS = ['::/96', '::ffff:0:0/96', '::ffff:0:0:0/96', '64:ff9b::/96'].map((network) =>
  ipaddr.parseCIDR(network),
);

export type Verdict = { is: 'public' | 'allowed' } | { is: 'refused'; kind: string };

/** Of an address that even those hosts must not have that are allowed by name. */
export const METADATA_KIND = 'cloud metadata';

/**
 * What an address is, as far as calls are concerned: `public`, within the networks that are `allowed`, or what speaks
 * against it. The addresses of clouds' metadata are only allowed by a network that holds nothing else (`/32`, `/128`).
 * To allow a prefix that carries IPv4 (NAT64's `64:ff9b::/96`) allows those IPv4 addresses alone that may be called anyway.
 *
 * @param address an IPv4 address in its usual form, or an IPv6 one
 */
export function judgeAddress(address: string, allowed: readonly Network[]): Verdict {
  // A zone (`%eth0`) tells which way, not which address.
  return judge(ipaddr.parse(address.replace(/%.*$/, '')), allowed);
}

function judge(address: ipaddr.IPv4 | ipaddr.IPv6, allowed: readonly Network[]): Verdict {
  const carried = carriedBy(address);
  if (carried !== undefined) {
    const verdict = judge(carried, allowed);
    const isLeadingOn = verdict.is !== 'refused' && allowed.some((network) => isWithin(address, network));
    const isMetadata = verdict.is === 'refused' && verdict.kind === METADATA_KIND;
    return isLeadingOn || isMetadata ? verdict : { is: 'refused', kind: kindOf(address) ?? 'reserved' };
  }
  const allowing = allowed.filter((network) => isWithin(address, network));
  if (METADATA.has(address.toString())) {
    const width = address.kind() === 'ipv4' ? 32 : 128;
    const isNamed = allowing.some(([, bits]) => bits === width);
    return isNamed ? { is: 'allowed' } : { is: 'refused', kind: METADATA_KIND };
  }
  if (allowing.length > 0) return { is: 'allowed' };
  const kind = kindOf(address);
  return kind === undefined ? { is: 'public' } : { is: 'refused', kind };
}

function carriedBy(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const isCarrier = CARRIERS.some((network) => isWithin(address, network));
  // `::` and `::1` are addresses of their own.
  if (!isCarrier || address.match(ipaddr.IPv6.parse('::'), 127)) return undefined;
  return new ipaddr.IPv4(address.toByteArray().slice(12));
}

export function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, network: Network): boolean {
  return address.kind() === network[0].kind() && address.match(network);
}

/** Whether it is this machine itself. */
export function isLoopback(address: string): boolean {
  return kindOf(ipaddr.parse(address)) === 'loopback';
}

function kindOf(address: ipaddr.IPv4 | ipaddr.IPv6): string | undefined {
  const [kind] = NOT_PUBLIC.find(([, network]) => isWithin(address, network)) ?? [];
  if (kind !== undefined || address instanceof ipaddr.IPv4) return kind;
  if (!address.match(GLOBAL_UNICAST, 3)) return 'reserved';
  return isIsatap(address) ? 'ISATAP' : undefined;
}

/** An IPv4 address in the last 32 bits, with the mark of RFC 5214 before it, which any prefix may have. */
function isIsatap({ parts: [, , , , mark = 0, protocol] }: ipaddr.IPv6): boolean {
  return (mark & ~0x0200) === 0 && protocol === 0x5efe;
}

function kinds(networks: Record<string, string[]>): [string, Network][] {
  return Object.entries(networks).flatMap(([kind, list]) =>
    list.map((network): [string, Network] => [kind, ipaddr.parseCIDR(network)]),
  );
}
