import { connect, isIPv6, type Socket } from 'node:net';
import type { VettedAddress } from './address-guard';
import { CONNECT_STAGGER_MS, MAX_DIALED_ADDRESSES } from '../shared/limits';

/** What a machine without a way to an address says: another address of the host says more. */
const NO_WAY = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/**
 * Connects to one of the addresses: the next one is tried when one fails, and beside it when it takes longer than
 * CONNECT_STAGGER_MS (RFC 8305); the first that is connected wins. At most MAX_DIALED_ADDRESSES, of both families in turn.
 *
 * @throws the error that says most, when all have failed; the signal's reason
 */
export function dial(
  addresses: readonly VettedAddress[],
  port: number,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const waiting = inTurn(addresses).slice(0, MAX_DIALED_ADDRESSES);
    const trying = new Set<Socket>();
    let failure: NodeJS.ErrnoException | undefined;
    let stagger: NodeJS.Timeout | undefined;

    const end = () => {
      clearTimeout(stagger);
      signal.removeEventListener('abort', abort);
      for (const socket of trying) socket.destroy();
    };
    const abort = () => {
      end();
      reject(signal.reason as Error);
    };
    const tryNext = () => {
      clearTimeout(stagger);
      const host = waiting.shift();
      if (host !== undefined) attempt(host);
      else if (trying.size === 0) {
        end();
        reject(failure ?? new Error('there is no address'));
      }
    };
    const attempt = (host: VettedAddress) => {
      const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 });
      trying.add(socket);
      // For as long as it lives: nobody else listens until it is handed over.
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (!trying.delete(socket)) return;
        if (failure === undefined || NO_WAY.has(failure.code ?? '')) failure = error;
        tryNext();
      });
      socket.once('connect', () => {
        trying.delete(socket);
        end();
        resolve(socket);
      });
      stagger = setTimeout(tryNext, CONNECT_STAGGER_MS);
    };

    if (signal.aborted) abort();
    else {
      signal.addEventListener('abort', abort);
      tryNext();
    }
  });
}

/** IPv6 first, then each family in turn, so that one that leads nowhere costs little. */
function inTurn(addresses: readonly VettedAddress[]): VettedAddress[] {
  const six = addresses.filter((address) => isIPv6(address));
  const four = addresses.filter((address) => !isIPv6(address));
  return Array.from({ length: Math.max(six.length, four.length) }, (_, index) => [
    ...six.slice(index, index + 1),
    ...four.slice(index, index + 1),
  ]).flat();
}
