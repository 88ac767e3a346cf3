import { isIP } from 'node:net';
import { judgeAddress, METADATA_KIND, type Network, type Verdict, type VettedAddress } from './address-guard';
import { CallRefused } from './call-error';
import { hostNameProblem, isLocalhost, matchesHost, type HostPattern } from './host-name';
import type { Resolve } from './resolve';

/** What may be called beside the public Internet over https. */
export interface GuardSettings {
  /** Networks that may be called although they are not public: by http too, and on any port. */
  allowedNetworks: readonly Network[];
  /** Hosts that may be called wherever they are: by http too, and on any port. */
  allowedHosts: readonly HostPattern[];
  /** Of everything else. */
  allowedPorts: readonly number[];
  /** Whether everything else may be called by http too. */
  allowHttp: boolean;
}

/** Where a connection is to lead. */
export interface Target {
  /** `https:` or `http:`; anything else is refused. */
  protocol: string;
  /** A name or an address, in the form of a URL's `hostname`, with or without the brackets. */
  host: string;
  port: number;
}

/** For both, the name has no other meaning; which of them a receiver listens on is not known. */
const LOOPBACK = ['127.0.0.1', '::1'];

/** What connections may lead to. One and the same for calls, proxies and the check before a URL is saved. */
export class TargetGuard {
  constructor(
    private readonly settings: GuardSettings,
    private readonly resolve: Resolve,
  ) {}

  /** What speaks against a target, as far as that is known without a look-up. */
  refusal(target: Target): string | undefined {
    const host = bare(target.host);
    if (target.protocol !== 'https:' && target.protocol !== 'http:') {
      return 'only calls by https are allowed';
    }
    const isName = isIP(host) === 0;
    const problem = isName ? hostNameProblem(host) : undefined;
    if (problem !== undefined) return problem;
    if (!isName) return this.refusalOf(target, host, [host]);
    if (this.isAllowedHost(host)) return undefined;
    if (isLocalhost(host)) return this.refusalOf(target, host, this.loopback());
    // Only the look-up tells whether its addresses are allowed ones.
    return this.settings.allowedNetworks.length > 0 ? undefined : this.refusalOfWay(target);
  }

  /**
   * All addresses of a target, each of them vetted: one that may not be called is enough to refuse the target.
   *
   * @throws CallRefused when it may not be called; whatever the look-up threw
   */
  async vet(target: Target): Promise<VettedAddress[]> {
    const refused = this.refusal(target);
    if (refused !== undefined) throw new CallRefused(refused);
    const host = bare(target.host);
    const addresses = await this.addressesOf(host);
    if (addresses.length === 0) throw new Error(`${host} has no address`);
    const refusedNow = this.refusalOf(target, host, addresses);
    if (refusedNow !== undefined) throw new CallRefused(refusedNow);
    return addresses as VettedAddress[];
  }

  /** Those of a host that the operator has set, which is trusted wherever it is. */
  async trust(host: string): Promise<VettedAddress[]> {
    const name = bare(host);
    const addresses = isIP(name) === 0 ? await this.resolve(name, 'system') : [name];
    return addresses as VettedAddress[];
  }

  private async addressesOf(host: string): Promise<string[]> {
    if (isIP(host) !== 0) return [host];
    if (this.isAllowedHost(host)) return this.resolve(host, 'system');
    return isLocalhost(host) ? this.loopback() : this.resolve(host, 'dns');
  }

  private isAllowedHost(host: string): boolean {
    return matchesHost(host, this.settings.allowedHosts);
  }

  /** The loopback addresses that are allowed; when none is, the one that the refusal then names. */
  private loopback(): string[] {
    const allowed = LOOPBACK.filter((address) => this.judge(address).is === 'allowed');
    return allowed.length > 0 ? allowed : LOOPBACK.slice(0, 1);
  }

  private judge(address: string): Verdict {
    return judgeAddress(address, this.settings.allowedNetworks);
  }

  private refusalOf(target: Target, host: string, addresses: readonly string[]): string | undefined {
    const verdicts = addresses.map((address) => this.judge(address));
    const isAllowedHost = this.isAllowedHost(host);
    for (const verdict of verdicts) {
      // Whoever can give a name below a wildcard an address must not reach the keys of the machine.
      if (verdict.is === 'refused' && (!isAllowedHost || verdict.kind === METADATA_KIND)) {
        // Which address a name has is not told: it would let names of the operator's network be looked up here.
        return isIP(host) === 0
          ? `calls to ${host} are not allowed: its address is not public (${verdict.kind})`
          : `calls to ${host} (${verdict.kind}) are not allowed`;
      }
    }
    const isAllowed = isAllowedHost || verdicts.every(({ is }) => is === 'allowed');
    return isAllowed ? undefined : this.refusalOfWay(target);
  }

  /** Of targets that nobody has allowed by name or network. */
  private refusalOfWay({ protocol, port }: Target): string | undefined {
    if (protocol !== 'https:' && !this.settings.allowHttp)
      return 'calls by http are not allowed, only by https';
    return this.settings.allowedPorts.includes(port) ? undefined : `calls to port ${port} are not allowed`;
  }
}

/** IPv6 without the brackets that it has in a URL. */
function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
