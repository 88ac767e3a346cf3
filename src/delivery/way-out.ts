import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { isLoopback, type VettedAddress } from './address-guard';
import { CallRefused, callError } from './call-error';
import { dial } from './dial';
import { secure } from './secure';
import type { Target } from './target-guard';
import { openTunnel, TunnelRefused } from './tunnel';
import type { EgressProxy } from '../destinations/call-settings';
import { isCalledDirectly, parseNoProxy } from '../destinations/no-proxy';
import { CALL_TIMEOUT_MS, MAX_TUNNEL_ATTEMPTS } from '../shared/limits';

/** Leads to one of the addresses of a target, all of which are vetted. @throws the signal's reason, once it is aborted */
export type Way = (
  target: Target,
  addresses: readonly VettedAddress[],
  signal: AbortSignal,
) => Promise<Socket>;

export const directly: Way = (target, addresses, signal) => dial(addresses, target.port, signal);

/**
 * The way through a proxy, which is itself reached by the way before it. Targets of its `noProxy` go that way before, and
 * so do loopback addresses: behind a proxy, they would be the proxy's own.
 *
 * @param addressesOf vets the proxy itself, or trusts it
 * @throws Error when its URL or its `noProxy` cannot be understood
 */
export function throughProxy(
  { url, username, password, noProxy }: EgressProxy,
  addressesOf: (proxy: Target) => Promise<VettedAddress[]>,
  before: Way,
): Way {
  const { protocol, hostname, port, host } = new URL(url);
  const target = { protocol, host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
  const direct = parseNoProxy(noProxy);
  const authorization =
    username === undefined
      ? undefined
      : `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
  const connectTls = buildConnector({ timeout: CALL_TIMEOUT_MS });

  const reachProxy = async (signal: AbortSignal): Promise<Socket> => {
    try {
      const socket = await before(target, await addressesOf(target), signal);
      return protocol === 'https:' ? await secure(connectTls, target, socket, signal) : socket;
    } catch (error) {
      if (signal.aborted) throw error;
      throw new CallRefused(`the proxy ${host} cannot be reached: ${callError(error)}`);
    }
  };

  return async (called, addresses, signal) => {
    if (addresses.some(isLoopback) || isCalledDirectly(direct, called, addresses)) {
      return before(called, addresses, signal);
    }
    let refused: TunnelRefused | undefined;
    for (const address of addresses.slice(0, MAX_TUNNEL_ATTEMPTS)) {
      try {
        const to = { address, port: called.port };
        return await openTunnel(await reachProxy(signal), to, { proxy: host, authorization, signal });
      } catch (error) {
        // It could not reach this one; of any other refusal the next address changes nothing.
        if (!(error instanceof TunnelRefused && error.status >= 500)) throw error;
        refused = error;
      }
    }
    throw refused ?? new Error(`${called.host} has no address`);
  };
}
