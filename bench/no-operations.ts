import type { OperatedExecutions } from '../src/activities/bulk';
import type { EscalationRecord } from '../src/activities/escalate';
import type { GatheredRecord } from '../src/activities/escalation-digest';
import type { DestinationSwitch } from '../src/activities/disable-destination';
import { CallCounter } from '../src/destinations/call-counts';

const noExecutions: OperatedExecutions = {
  count: async () => 0,
  page: async () => ({ items: [], nextCursor: null }),
  act: async () => ({ outcome: 'not-found' }),
};

const noSwitch: DestinationSwitch = { disable: async () => false, rulesCalling: async () => [] };

const allAlone: EscalationRecord & GatheredRecord = {
  record: async () => ({ kind: 'alone' }),
  gather: async () => 0,
  notice: async () => ({ total: 0, rule: undefined, owner: undefined }),
  ofNotice: async () => [],
};

/** For workers that run nothing but executions. */
export const noOperations = {
  executions: noExecutions,
  destinationSwitch: noSwitch,
  disable: async () => undefined,
  escalations: allAlone,
  startDigest: async () => undefined,
  escalationDigestMs: 0,
  calls: new CallCounter(),
};
