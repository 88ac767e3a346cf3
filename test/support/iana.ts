import { isIPv4 } from 'node:net';

/**
 * The special-purpose address registries of IANA, read a second time and in another way than the program does: as text
 * of bits. What they call "globally reachable" is left out, and so is what has ended without being given to somebody else.
 */
const NOT_GLOBALLY_REACHABLE = [
  // iana-ipv4-special-registry
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
  '255.255.255.255/32',
  // multicast-addresses
  '224.0.0.0/4',
  // iana-ipv6-special-registry
  '::1/128',
  '::/128',
  '::ffff:0:0/96',
  '64:ff9b:1::/48',
  '100::/64',
  '100:0:0:1::/64',
  '2001::/23',
  '2001:2::/48',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  // ipv6-address-space: all that is not 2000::/3
  '::/3',
  '4000::/2',
  '8000::/1',
].map((network) => {
  const [address = '', length] = network.split('/');
  return bitsOf(address).slice(0, Number(length) + 1);
});

/** A first character for the family, and all bits. */
export function bitsOf(address: string): string {
  if (isIPv4(address)) {
    return `4${address.split('.').reduce((bits, octet) => bits + Number(octet).toString(2).padStart(8, '0'), '')}`;
  }
  const [head = '', tail] = address.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return `6${[...before, ...Array<string>(zeros).fill('0'), ...after]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('')}`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

export function isGloballyReachable(address: string): boolean {
  const bits = bitsOf(address);
  return !NOT_GLOBALLY_REACHABLE.some((network) => bits.startsWith(network));
}

/** The networks above, each as one of its addresses in bits. */
export const SPECIAL_NETWORKS: readonly string[] = NOT_GLOBALLY_REACHABLE;
