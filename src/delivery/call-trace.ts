import type { CallPhases } from '../shared/called-webhook';
import type { ConnectPhases } from './connect-phases';

/** Where the time of one call goes, noted as it goes on. */
export class CallTrace {
  private connection: { at: number; phases: ConnectPhases | undefined } | undefined;
  private answeredAt: number | undefined;

  /** A connection has taken the request. @param phases of making it; undefined when it was there already */
  connected(phases: ConnectPhases | undefined): void {
    this.connection = { at: performance.now(), phases };
  }

  /** The answer's headers are there. */
  answered(): void {
    this.answeredAt = performance.now();
  }

  /** As of now; undefined before a connection was there. */
  phases(): CallPhases | undefined {
    const { connection, answeredAt } = this;
    if (connection === undefined) return undefined;
    const { dnsMs, connectMs, tlsMs } = connection.phases ?? {};
    return {
      ...(connection.phases === undefined && { reused: true }),
      ...(dnsMs !== undefined && { dnsMs: rounded(dnsMs) }),
      ...(connectMs !== undefined && { connectMs: rounded(connectMs) }),
      ...(tlsMs !== undefined && { tlsMs: rounded(tlsMs) }),
      ...(answeredAt !== undefined && {
        firstByteMs: rounded(answeredAt - connection.at),
        bodyMs: rounded(performance.now() - answeredAt),
      }),
    };
  }
}

/** To a tenth: more would only make histories longer. */
function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
