import type { SmtpTestServer } from '../../support/smtp';
import type { Link } from './link';
import type { Party } from './parties/party';
import type { ServiceParty } from './parties/service';
import type { SmallDisk } from './small-disk';

/** What runs in a round, and all that can be done to it. */
export interface Topology {
  parties: Party[];
  links: Link[];
  /** Absent where none can be mounted. */
  disk: SmallDisk | undefined;
  smtp: SmtpTestServer;
  /** The process that has the API, for what is not part of the load. */
  api: ServiceParty;
  /** Where the load posts its events, in turns: `http://host:port`. */
  loadUrls: string[];
  /** Where rules send their calls: `http://host:port`. */
  receiverUrl: string;
  adminKey(): string;
  stop(): Promise<void>;
}

/** What a topology is built around. */
export interface Surroundings {
  /** A folder of its own. */
  folder: string;
  disk: SmallDisk | undefined;
  /** `host:port`. */
  receiver: string;
  smtp: SmtpTestServer;
  /** A module that the service's programs load before their own, to plant a bug. */
  preload: string | undefined;
}
