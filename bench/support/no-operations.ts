import type { EscalatedRules } from '../../src/activities/announce-recovery';
import type { OperatedExecutions } from '../../src/activities/bulk';
import type { EscalationRecord } from '../../src/activities/escalate';
import type { GatheredRecord } from '../../src/activities/escalation-digest';
import type { DestinationSwitch } from '../../src/activities/disable-destination';
import { CallCounter } from '../../src/destinations/call-counts';
import type { MailLinks } from '../../src/mail/links';

const noExecutions: OperatedExecutions = {
  count: async () => 0,
  page: async () => ({ items: [], nextCursor: null }),
  act: async () => ({ outcome: 'not-found' }),
};

const noSwitch: DestinationSwitch = { disable: async () => false, rulesCalling: async () => [] };

const allAlone: EscalationRecord & GatheredRecord & EscalatedRules = {
  record: async () => ({ kind: 'alone' }),
  gather: async () => 0,
  notice: async () => ({ total: 0, rule: undefined, owner: undefined }),
  ofNotice: async () => [],
  rulesEscalated: async () => [],
};

const noLinks: MailLinks = { execution: () => '', heldFor: () => '', retry: async () => '' };

/** For workers that run nothing but executions. */
export const noOperations = {
  executions: noExecutions,
  destinationSwitch: noSwitch,
  disable: async () => undefined,
  recovered: async () => undefined,
  others: { members: { get: async () => undefined }, startNotice: async () => undefined },
  channels: { open: async () => undefined },
  publicUrl: 'http://127.0.0.1',
  escalations: allAlone,
  startDigest: async () => undefined,
  startScheduledRuns: async () => ({ started: 0, existed: 0 }),
  escalationDigestMs: 0,
  links: noLinks,
  calls: new CallCounter(),
};
