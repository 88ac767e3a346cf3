import { createSecureContext, type SecureContext } from 'node:tls';
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { CallRefused } from './call-error';
import { notePhases } from './connect-phases';
import { createResolve, type Resolve } from './resolve';
import { secure } from './secure';
import { TargetGuard, type GuardSettings, type Target } from './target-guard';
import { directly, throughProxy, type Way } from './way-out';
import type { EgressProxy } from '../destinations/call-settings';
import type { TlsCredential } from '../destinations/credential';
import { parseUrl } from '../shared/parse-url';
import { CALL_TIMEOUT_MS } from '../shared/limits';

/** Which ways out there are, as the installation has set it. */
export interface EgressSettings extends GuardSettings {
  /** Whether HTTP/2 is offered to receivers. */
  allowHttp2: boolean;
  /** The installation's proxy: trusted wherever it is, and passed by all that leaves but its `noProxy`. */
  proxy?: EgressProxy;
  /** How names are looked up. Absent: by this machine's name servers. */
  resolve?: Resolve;
}

/** The only way out of this program to whatever a rule, a credential or a workspace names. */
export interface Egress {
  /**
   * Why a URL will never be called, as far as that is known without a look-up: its form, scheme, host, port. Undefined
   * for all others; whether those are let out is decided when the connection is made.
   */
  refusal(url: string): string | undefined;
  /**
   * How undici is to connect: to vetted addresses alone, by the proxies that apply, within CALL_TIMEOUT_MS. Never throws;
   * what cannot be used (a private key, a proxy's URL) fails each connection with an error that names no secret.
   *
   * @param options `tls`: the client certificate and the authorities of the receiver, these instead of the system's.
   *   `proxy`: the workspace's own, vetted as a receiver is, and reached by the installation's if it has one.
   */
  connector(options: { tls?: TlsCredential; proxy?: EgressProxy }): buildConnector.connector;
}

/** @throws Error when the installation's proxy cannot be understood */
export function createEgress(settings: EgressSettings): Egress {
  const guard = new TargetGuard(settings, settings.resolve ?? createResolve());
  const ours =
    settings.proxy === undefined
      ? directly
      : throughProxy(settings.proxy, ({ host }) => guard.trust(host), directly);
  return {
    refusal: (url) => refusalOfUrl(url, guard),
    connector: ({ tls, proxy }) => {
      const made = once(() => ({
        way: proxy === undefined ? ours : throughProxy(proxy, (target) => guard.vet(target), ours),
        connectTls: buildConnector({
          secureContext: secureContextOf(tls),
          allowH2: settings.allowHttp2,
          timeout: CALL_TIMEOUT_MS,
        }),
      }));
      return (options, callback) => {
        const opened = Promise.resolve().then(() => open(guard, targetOf(options), made()));
        void opened.then(
          (socket) => {
            callback(null, socket);
          },
          (error: unknown) => {
            callback(error as Error, null);
          },
        );
      };
    },
  };
}

/** What is known of a URL before any look-up: a user or password is refused too. Undefined: nothing speaks against it. */
export function refusalOfUrl(text: string, guard: TargetGuard): string | undefined {
  const url = parseUrl(text);
  if (url === undefined) return 'Invalid URL';
  if (url.username !== '' || url.password !== '') return 'URLs with a user or password are not allowed';
  return guard.refusal(targetOf(url));
}

/** @param url a URL's parts */
export function targetOf({
  protocol,
  hostname,
  port,
}: Pick<buildConnector.Options, 'protocol' | 'hostname' | 'port'>): Target {
  const standard = protocol === 'https:' ? 443 : 80;
  return { protocol, host: hostname, port: port === '' ? standard : Number(port) };
}

async function open(
  guard: TargetGuard,
  target: Target,
  { way, connectTls }: { way: Way; connectTls: buildConnector.connector },
): Promise<Socket> {
  const clock = new AbortController();
  const timer = setTimeout(() => {
    clock.abort(new CallRefused(`not connected within ${CALL_TIMEOUT_MS / 1_000} s`));
  }, CALL_TIMEOUT_MS);
  try {
    const began = performance.now();
    const addresses = await untilAborted(guard.vet(target), clock.signal);
    const vetted = performance.now();
    const plain = await way(target, addresses, clock.signal);
    const connected = performance.now();
    const isTls = target.protocol === 'https:';
    const socket = isTls ? await secure(connectTls, target, plain, clock.signal) : plain;
    notePhases(socket, {
      dnsMs: vetted - began,
      connectMs: connected - vetted,
      ...(isTls && { tlsMs: performance.now() - connected }),
    });
    return socket;
  } finally {
    clearTimeout(timer);
  }
}

/** A look-up may be shared with other calls, so it is not ended, only not waited for. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
    }),
  ]);
}

/** @throws CallRefused without anything of the credential in it */
function secureContextOf(tls: TlsCredential | undefined): SecureContext {
  if (tls === undefined) return createSecureContext();
  const { certificate: cert, private_key: key, passphrase, ca } = tls;
  try {
    return createSecureContext({ cert, key, passphrase, ca });
  } catch (error) {
    const { reason = 'it cannot be read' } = error as { reason?: string };
    throw new CallRefused(`the client certificate, its key or the authorities cannot be used: ${reason}`);
  }
}

/** Made when it is first needed; an error is thrown at each use. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
