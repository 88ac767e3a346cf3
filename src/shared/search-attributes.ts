import { defineSearchAttributeKey } from '@temporalio/common';

/**
 * The typed search attributes of an execution: what lists are filtered by. They are never encrypted and anyone who
 * may see the namespace may read them, so none holds a secret or a URL.
 */

/** The rule's id. */
export const RULE_ID = defineSearchAttributeKey('RuleId', 'KEYWORD');

/** The domain that the event is about. */
export const RULE_DOMAIN = defineSearchAttributeKey('RuleDomain', 'KEYWORD');

/** The kind of trigger that matched, e.g. `grade_drop`. */
export const RULE_EVENT_TYPE = defineSearchAttributeKey('RuleEventType', 'KEYWORD');

/** Where the execution stands. */
export const RULE_STATUS = defineSearchAttributeKey('RuleStatus', 'KEYWORD');

/** When the next attempt of a step that failed is due. */
export const RULE_NEXT_RETRY = defineSearchAttributeKey('RuleNextRetry', 'DATETIME');

/** All of them: what a server must know before an execution starts. */
export const SEARCH_ATTRIBUTES = [
  RULE_ID,
  RULE_DOMAIN,
  RULE_EVENT_TYPE,
  RULE_STATUS,
  RULE_NEXT_RETRY,
] as const;
