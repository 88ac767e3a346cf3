import type { ChannelKind, OpenChannel } from '../destinations/channel';
import type { Change, IfVersion, Page, Stamped } from './record';

/** A channel without its URL, which is a secret. */
export interface StoredChannel extends Stamped {
  id: string;
  kind: ChannelKind;
  name: string | null;
  /** Of its URL, e.g. `https://hooks.slack.com`. */
  origin: string;
}

/** Where notices go besides e-mail. */
export interface Channels {
  list(workspace: string, page: Page): Promise<StoredChannel[]>;
  get(workspace: string, id: string): Promise<StoredChannel | undefined>;
  /**
   * Creates it or replaces it. A URL that is left out stays as it is while the kind stays.
   *
   * @returns and the signing secret, when this made one
   * @throws VersionMismatchError; NotFoundError when the URL is left out and there is none that may stay; SecretUnreadableError
   */
  put(
    change: Change,
    channel: { id: string; kind: ChannelKind; name: string | null; url?: string | undefined },
    condition?: IfVersion,
  ): Promise<StoredChannel & { created: boolean; secret: string | null }>;
  /** @throws NotFoundError; VersionMismatchError; InUseError while a rule names it */
  delete(change: Change, id: string, condition?: IfVersion): Promise<void>;
  /** As messages are sent to it, with its secrets. @throws SecretUnreadableError */
  open(workspace: string, id: string): Promise<OpenChannel | undefined>;
}
