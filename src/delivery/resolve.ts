import { lookup, Resolver } from 'node:dns/promises';
import { DNS_QUERY_TIMEOUT_MS, DNS_SECOND_FAMILY_MS, DNS_TIMEOUT_MS } from '../shared/limits';

/**
 * All addresses of a name.
 *
 * @param by `dns`: by the name servers alone, for names that anybody may have chosen. `system`: as this machine looks names
 *   up (hosts file, mDNS, search list), for names that the operator has named.
 * @throws Error with a `code` of the system (`ENOTFOUND`), or a sentence
 */
export type Resolve = (hostname: string, by: 'dns' | 'system') => Promise<string[]>;

/**
 * How names are looked up. `dns` asks from the event loop (c-ares), not by getaddrinfo, which takes one of libuv's four
 * threads for each look-up, and at most two at once: measured, a look-up beside four whose servers never answer took 20 s
 * that way, and 1 ms beside a thousand this way. Calls at the same moment for one name share one look-up.
 *
 * @param servers `address:port`; those of this machine when absent
 */
export function createResolve(servers?: readonly string[]): Resolve {
  const underWay = new Map<string, Promise<string[]>>();
  return (hostname, by) => {
    const key = `${by} ${hostname}`;
    const shared = underWay.get(key);
    if (shared !== undefined) return shared;
    const asked = (by === 'dns' ? askServers(hostname, servers) : askSystem(hostname)).finally(() =>
      underWay.delete(key),
    );
    underWay.set(key, asked);
    return asked;
  };
}

async function askSystem(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
}

/** A resolver of its own for each look-up costs 25 µs, follows changes of resolv.conf, and can be cancelled alone. */
async function askServers(hostname: string, servers?: readonly string[]): Promise<string[]> {
  const resolver = new Resolver({ timeout: DNS_QUERY_TIMEOUT_MS, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  const endAt: NodeJS.Timeout[] = [];
  const endIn = (ms: number) => {
    endAt.push(setTimeout(cancel, ms));
  };
  const cancel = () => {
    resolver.cancel();
  };
  endIn(DNS_TIMEOUT_MS);
  const ask = async (query: Promise<string[]>) => {
    const found = await query;
    endIn(DNS_SECOND_FAMILY_MS);
    return found;
  };
  const answers = await Promise.allSettled([
    ask(resolver.resolve4(hostname)),
    ask(resolver.resolve6(hostname)),
  ]);
  endAt.forEach(clearTimeout);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (addresses.length > 0) return addresses;
  throw lookupError(answers.map((answer) => (answer.status === 'rejected' ? codeOf(answer.reason) : '')));
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}

function lookupError(codes: readonly string[]): Error {
  const trouble = codes.find((code) => code !== 'ENOTFOUND' && code !== 'ENODATA');
  if (trouble === undefined) return Object.assign(new Error('there is no such host'), { code: 'ENOTFOUND' });
  const isLate = trouble === 'ECANCELLED' || trouble === 'ETIMEOUT';
  return new Error(`the host name could not be looked up: ${isLate ? 'no answer in time' : trouble}`);
}
