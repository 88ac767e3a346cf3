import { CredentialUnusableError } from '../destinations/call-settings';
import { CALL_TIMEOUT_MS, MAX_ACCESS_TOKENS } from '../shared/limits';
import { within } from '../shared/within';
import { requestToken, type TokenAccess } from './oauth2';
import type { WebhookSender } from './send';

/** A token is replaced this long before it expires, or when half of its life is over if that is less. Milliseconds. */
const REFRESH_AHEAD_MS = 60_000;

interface HeldToken {
  token: string;
  /** When another one must be had, by `now`. Milliseconds. */
  staleAt: number;
}

/** The tokens of this process, each asked for once however many calls wait for it. */
export class AccessTokens {
  private readonly held = new Map<string, HeldToken>();
  private readonly underWay = new Map<string, Promise<HeldToken>>();

  /** @param now milliseconds of a clock that nobody sets */
  constructor(
    private readonly sender: WebhookSender,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * @param timeMs how long it may take, and CALL_TIMEOUT_MS at most
   * @throws CredentialUnusableError when the endpoint gives no token, or not in time
   */
  async get(access: TokenAccess, timeMs: number): Promise<string> {
    const key = keyOf(access);
    const held = this.held.get(key);
    if (held !== undefined && this.now() < held.staleAt) return held.token;
    // Tenths of a second, which the reason of a failure names.
    const limitMs = Math.min(Math.floor(timeMs / 100) * 100, CALL_TIMEOUT_MS);
    const flight = this.underWay.get(key) ?? this.request(key, access, limitMs);
    // Whoever waits for a token that another call asked for has a limit of its own.
    const { token } = await within(limitMs, flight, () => {
      throw new CredentialUnusableError(`OAuth2 token endpoint: timed out after ${limitMs / 1_000} s`);
    });
    return token;
  }

  /** Forgets a token that a receiver has refused, unless it is already another one. */
  drop(access: TokenAccess, token: string): void {
    const key = keyOf(access);
    if (this.held.get(key)?.token === token) this.held.delete(key);
  }

  private request(key: string, access: TokenAccess, limitMs: number): Promise<HeldToken> {
    const askedAt = this.now();
    const flight = requestToken(this.sender, access, limitMs)
      .then(({ token, livesMs }) => {
        const held = { token, staleAt: askedAt + livesMs - Math.min(REFRESH_AHEAD_MS, livesMs / 2) };
        this.keep(key, held);
        return held;
      })
      .finally(() => this.underWay.delete(key));
    this.underWay.set(key, flight);
    return flight;
  }

  private keep(key: string, held: HeldToken): void {
    // The newest is the last, so the first is what was had longest ago.
    this.held.delete(key);
    this.held.set(key, held);
    const [oldest] = this.held.keys();
    if (this.held.size > MAX_ACCESS_TOKENS && oldest !== undefined) this.held.delete(oldest);
  }
}

/** A credential that was edited is another one. */
function keyOf({ workspace, id, version }: TokenAccess): string {
  return JSON.stringify([workspace, id, version]);
}
