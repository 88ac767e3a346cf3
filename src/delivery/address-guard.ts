import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';
import { CALL_TIMEOUT_MS } from '../shared/limits';
import { CallRefused } from './call-error';

/** A network in CIDR form: its address and the length of its prefix. */
export type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

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
 * A connector for undici that connects to public addresses only, and to the networks that are allowed. Each address
 * is vetted at the moment of the connection, and the connection goes to a vetted address: a name that resolves to
 * another address a moment later gains nothing.
 */
export function guardedConnector(allowed: readonly Network[]): buildConnector.connector {
  const lookup: LookupFunction = (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
      const refused = error ?? refusedAmong(hostname, addresses, allowed);
      const [first] = refused ? [] : addresses;
      if (first === undefined) callback(refused ?? new CallRefused(`${hostname} has no address`), '');
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
  // undici asks about the call's own clock only once it is connected.
  const connect = buildConnector({ lookup, timeout: CALL_TIMEOUT_MS });
  return (options, callback) => {
    // A literal address is never looked up. new URL() has already turned octal, hex and decimal forms into this one.
    const host = options.hostname.replace(/^\[|\]$/g, '');
    const refused = isIP(host) === 0 ? undefined : refusal(host, allowed);
    if (refused !== undefined) {
      callback(new CallRefused(refused), null);
      return;
    }
    connect(options, callback);
  };
}

/** One address of a name that may not be called is enough to refuse the name. */
function refusedAmong(
  hostname: string,
  addresses: readonly LookupAddress[],
  allowed: readonly Network[],
): CallRefused | undefined {
  const [why] = addresses
    .map(({ address }) => refusal(address, allowed))
    .filter((each) => each !== undefined);
  return why === undefined ? undefined : new CallRefused(`${hostname}: ${why}`);
}

/** `::a.b.c.d`, long deprecated (RFC 4291, 2.5.5.1): it names an IPv4 address, perhaps a private one. */
function isIpv4Compatible(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address instanceof ipaddr.IPv6 && address.match(ipaddr.IPv6.parse('::'), 96);
}

/** Why an address may not be called; undefined when it may. */
function refusal(address: string, allowed: readonly Network[]): string | undefined {
  // An IPv6 zone (`%eth0`) only belongs to link-local addresses, and an IPv4-mapped address is the IPv4 one.
  const parsed = ipaddr.process(address.replace(/%.*$/, ''));
  const range = parsed.range();
  if (range === 'unicast' && !isIpv4Compatible(parsed)) return undefined;
  if (allowed.some(([network, bits]) => parsed.kind() === network.kind() && parsed.match(network, bits)))
    return undefined;
  return `calls to ${parsed.toString()} (${range}) are not allowed`;
}
