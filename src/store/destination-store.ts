import type { EgressProxy } from '../destinations/call-settings';
import type { CredentialDocument } from '../destinations/credential';
import type { DestinationSettings } from '../destinations/settings';
import type { SigningKey, SigningKeyView } from '../destinations/signing-key';
import type { JsonObject } from '../shared/json';
import type { Change, IfVersion, Page, Stamped } from './record';

/** A credential without its secrets. */
export interface StoredCredential extends Stamped {
  id: string;
  /** Valid and with its defaults, the secret fields left out. */
  document: JsonObject;
  /** The secret fields that it has. */
  secretFields: string[];
}
export interface Credentials {
  list(workspace: string, page: Page): Promise<StoredCredential[]>;
  get(workspace: string, id: string): Promise<StoredCredential | undefined>;
  /**
   * Creates it or replaces it. Secret fields that are left out stay as they are while the kind stays, they are of use,
   * and they go nowhere that they did not go before; one that is null is taken away.
   *
   * @param complete makes the whole credential of what was written and what stays, or throws what is wrong with it
   * @throws VersionMismatchError; InUseError when it does not fit a rule or destination any more that names it (kind,
   *   origins); SecretUnreadableError
   */
  put(
    change: Change,
    id: string,
    written: JsonObject,
    complete: (whole: JsonObject) => CredentialDocument,
    condition?: IfVersion,
  ): Promise<StoredCredential & { created: boolean }>;
  /** @throws NotFoundError; VersionMismatchError; InUseError while a rule or a destination names it */
  delete(change: Change, id: string, condition?: IfVersion): Promise<void>;
}

/** How a destination stands: the worst that holds. */
export type DestinationStanding = 'disabled' | 'circuit_open' | 'failing' | 'healthy';

/** How a receiver is doing: written when calls fail and when they go well again, never on a straight success. */
export interface DestinationHealth {
  failingSince: string | null;
  consecutiveFailures: number;
  lastError: string | null;
  lastFailureAt: string | null;
  lastRecoveryAt: string | null;
  disabled: { at: string; by: string; reason: string } | null;
  /** Until when its circuit breaker lets no call pass; null: it is closed. */
  openUntil: string | null;
}
/** Why a destination is to be disabled, and since when its calls fail. */
export interface Outage {
  reason: string;
  failingSince: string;
}
/** An outage that people were told of. */
export interface ToldOutage {
  failingSince: string;
  /** It was disabled by itself. */
  wasDisabled: boolean;
}
/** A call that failed. */
export interface CallFailure {
  at: string;
  error: string;
  /** See `looksDown`. */
  isDown?: boolean;
  /** The receiver said that it is gone for good: it is to be disabled. */
  isGone?: boolean;
}
/**
 * An origin that steps call or called, or that somebody has set something for. Version 0: nothing was ever set, and its times
 * and names are empty.
 */
export interface Destination extends Stamped {
  /** E.g. `https://hooks.example.com`. */
  origin: string;
  settings: DestinationSettings;
  /** Newest first, those left out that do not sign any more. Empty until the first call, or the first rotation. */
  signingKeys: SigningKeyView[];
  health: DestinationHealth;
}
export interface Destinations {
  /** In the order of origins. */
  list(workspace: string, page: Page): Promise<Destination[]>;
  get(workspace: string, origin: string): Promise<Destination | undefined>;
  /** How many stand how, in all workspaces. Those of which there are none are left out. */
  countByStanding(): Promise<Partial<Record<DestinationStanding, number>>>;
  /** @throws VersionMismatchError; UnknownReferenceError at `auth` or `tls`: not there, of the wrong kind, not for this origin */
  putSettings(
    change: Change,
    origin: string,
    settings: DestinationSettings,
    condition?: IfVersion,
  ): Promise<Destination & { created: boolean }>;
  /**
   * Puts a key in force, which was shown to somebody. Those before it sign until `overlapMs` from now and not longer; one
   * whose secret was never shown to anybody ends at once.
   *
   * @throws InUseError when MAX_SIGNING_KEYS would sign at once; SecretUnreadableError
   */
  rotateSigningKey(change: Change, origin: string, key: SigningKey, overlapMs: number): Promise<Destination>;
  /** Ends an old key at once. @throws NotFoundError; InUseError for the newest one, which a rotation without overlap replaces */
  revokeSigningKey(change: Change, origin: string, id: string): Promise<Destination>;
  /**
   * Disables it, or enables it again: then it counts as never having failed. @throws NotFoundError when it is not known.
   * What is so already stays as it is.
   */
  setDisabled(change: Change, origin: string, disabled: { reason: string } | null): Promise<Destination>;
  /** By itself: in the audit log, nobody did it. @returns false when it is disabled already */
  disable(workspace: string, origin: string, reason: string): Promise<boolean>;
  /** The ids of the rules whose steps call it. */
  rulesCalling(workspace: string, origin: string): Promise<string[]>;
  /** @returns the outage for which it is to be disabled, if it is */
  recordFailure(workspace: string, origin: string, failure: CallFailure): Promise<Outage | undefined>;
  /** The first who claims it may see whether the host is back. @param openUntil as it was read */
  claimProbe(workspace: string, origin: string, openUntil: string): Promise<boolean>;
  /** The outage that a success would end, when people were told of it. */
  outageTold(workspace: string, origin: string): Promise<ToldOutage | undefined>;
  /** Writes only when it was failing. */
  recordSuccess(workspace: string, origin: string, at: string): Promise<void>;
}

/** A workspace's own way out; without one, its calls go the installation's. */
export interface EgressProxies {
  /** Without the password. */
  get(
    workspace: string,
  ): Promise<(Omit<EgressProxy, 'password'> & { hasPassword: boolean } & Stamped) | undefined>;
  /** A password that is left out stays as it is while the URL and the user name stay. @throws VersionMismatchError */
  put(
    change: Change,
    proxy: EgressProxy,
    condition?: IfVersion,
  ): Promise<Omit<EgressProxy, 'password'> & { hasPassword: boolean } & Stamped & { created: boolean }>;
  /** @throws NotFoundError; VersionMismatchError */
  delete(change: Change, condition?: IfVersion): Promise<void>;
}

/** What is sealed in the store, of all workspaces. */
export interface SealedSecrets {
  /** Where the keys are that seal: the name of a setting or a file. */
  readonly source: string;
  /**
   * Seals everything with a new key: the first of ENCRYPTION_KEY, or one that is made and kept in the file. In a number of
   * transactions; when it is broken off, all stays readable, and the next one goes on.
   *
   * @returns how many secrets were not sealed with it before, its id, and the ids of keys that nothing is sealed with any
   *   more: the file has forgotten them, and ENCRYPTION_KEY may be set without them
   * @throws EncryptionKeyError; SecretUnreadableError that names a secret which no key opens
   */
  rotate(change: Change): Promise<{ resealed: number; key: string; retired: string[] }>;
}

/** A process that makes calls. */
export interface CallingProcess {
  id: string;
  /** Another number each time that the process is seen alive. */
  beat: number;
  /** The processes among which it divides each limit of a destination; null before it knows of the others. */
  divides: string[] | null;
}
/** What the processes that make calls tell each other. */
export interface CallingProcesses {
  /**
   * Writes what one process says of itself, takes those out that are gone unless they have beaten again, and reads all.
   * One call at a time over all processes: whoever is later reads what the one before has written.
   */
  beat(own: CallingProcess, gone: readonly CallingProcess[]): Promise<CallingProcess[]>;
  leave(id: string): Promise<void>;
}
