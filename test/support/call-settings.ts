import type { CallSettings, CallSettingsSource } from '../../src/destinations/call-settings';
import { sharedKey } from './signing-keys';

/** Call settings that a test edits while executions run: the same for every destination. */
export class MemoryCallSettings implements CallSettingsSource {
  /** What was asked for, as `workspace origin auth tls`. */
  readonly asked: string[] = [];

  current: CallSettings = {
    signingKeys: [sharedKey()],
    limits: { max_concurrent: null, requests_per_second: null, burst: null },
    standing: { disabled: null, openUntil: null },
    isFailing: false,
  };

  async callSettings(
    workspace: string,
    origin: string,
    { auth, tls }: { auth?: string | undefined; tls?: string | undefined },
  ): Promise<CallSettings> {
    this.asked.push([workspace, origin, auth, tls].join(' ').trimEnd());
    return this.current;
  }
}
