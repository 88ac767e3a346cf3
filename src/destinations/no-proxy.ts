import ipaddr from 'ipaddr.js';
import { parseUrl } from '../shared/parse-url';

/** Something that is called directly, without the proxy. */
export interface NoProxyEntry {
  /** Everything; a host and all below it, or below it alone; a network or address. */
  what:
    | { kind: 'all' }
    | { kind: 'host'; name: string; itself: boolean }
    | { kind: 'network'; network: [ipaddr.IPv4 | ipaddr.IPv6, number] };
  /** Absent: whatever the port. */
  port?: number;
}

/**
 * Understands entries as curl and Go do: `*`, `example.com` (it, and all below it), `.example.com` and `*.example.com`
 * (what is below it), an address, a network such as `10.0.0.0/8`; each but `*` and networks with a port, if need be.
 *
 * @throws Error naming the entry that is none of these
 */
export function parseNoProxy(entries: readonly string[]): NoProxyEntry[] {
  return entries
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const parsed = networkEntry(entry) ?? hostEntry(entry);
      if (parsed === undefined) {
        throw new Error(`"${entry}" is not a host, an address or a network such as 10.0.0.0/8`);
      }
      return parsed;
    });
}

function networkEntry(entry: string): NoProxyEntry | undefined {
  if (entry === '*') return { what: { kind: 'all' } };
  if (ipaddr.isValidCIDR(entry)) return { what: { kind: 'network', network: ipaddr.parseCIDR(entry) } };
  const [, six, four, port] = /^(?:\[(.+)\]|(\d+\.\d+\.\d+\.\d+))(?::(\d+))?$/.exec(entry) ?? [];
  const address = six ?? four ?? entry;
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
  if (!isAddress) return undefined;
  const parsed = ipaddr.parse(address);
  return {
    what: { kind: 'network', network: [parsed, parsed.kind() === 'ipv4' ? 32 : 128] },
    ...(port !== undefined && { port: Number(port) }),
  };
}

function hostEntry(entry: string): NoProxyEntry | undefined {
  const [, dot, written = '', port] = /^(\*?\.)?([^\s:/?#@*\\]+)(?::(\d+))?$/.exec(entry) ?? [];
  // In the form that URLs have it. What looks like an address by then was none in its usual form.
  const name = written === '' ? '' : (parseUrl(`https://${written}/`)?.hostname ?? '');
  if (name === '' || /^[\d.[]/.test(name)) return undefined;
  return {
    what: { kind: 'host', name, itself: dot === undefined },
    ...(port !== undefined && { port: Number(port) }),
  };
}

/**
 * Whether a target is called directly: by its name, or because all its addresses are in networks that are.
 *
 * @param host in the form of a URL's `hostname`, IPv6 without brackets
 */
export function isCalledDirectly(
  entries: readonly NoProxyEntry[],
  { host, port }: { host: string; port: number },
  addresses: readonly string[],
): boolean {
  const applying = entries.filter((entry) => entry.port === undefined || entry.port === port);
  const byName = applying.some(({ what }) => {
    if (what.kind === 'all') return true;
    if (what.kind === 'network') return false;
    return (what.itself && host === what.name) || host.endsWith(`.${what.name}`);
  });
  return byName || (addresses.length > 0 && addresses.every((address) => isInOneOf(applying, address)));
}

function isInOneOf(entries: readonly NoProxyEntry[], address: string): boolean {
  const parsed = ipaddr.parse(address.replace(/%.*$/, ''));
  return entries.some(
    ({ what }) =>
      what.kind === 'network' && what.network[0].kind() === parsed.kind() && parsed.match(what.network),
  );
}
