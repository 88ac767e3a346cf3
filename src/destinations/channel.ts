import type { EgressProxy } from './call-settings';
import type { SigningKey } from './signing-key';

/** Where notices go besides e-mail: an incoming webhook of Slack or of Teams (its Workflows), or an endpoint of one's own. */
export const CHANNEL_KINDS = ['slack', 'teams', 'webhook'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** A channel as messages are sent to it. Secrets included: never logged, and part of no error. */
export interface OpenChannel {
  id: string;
  kind: ChannelKind;
  /** A secret: whoever knows it can post there. */
  url: string;
  /** Of `webhook` alone. */
  signingKey?: SigningKey;
  /** The workspace's own way out. */
  proxy?: EgressProxy;
}

/** What came of a message. */
export type ChannelAnswer = { status?: number; durationMs: number } & (
  | { sent: true }
  | {
      sent: false;
      /** For people; the channel's URL is not in it. */
      error: string;
      /** When the channel wants the next one. Milliseconds. */
      retryAfterMs?: number;
    }
);
