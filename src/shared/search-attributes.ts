import { defineSearchAttributeKey } from '@temporalio/common';
import { MAX_KEYWORD_LENGTH } from './limits';

/**
 * The typed search attributes of an execution: what lists are filtered by. They are never encrypted and anyone who
 * may see the namespace may read them, so none holds a secret, or more of a URL than its origin.
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

/** The workspace; executions from before there were workspaces have none, and belong to DEFAULT_WORKSPACE. */
export const RULE_WORKSPACE = defineSearchAttributeKey('RuleWorkspace', 'KEYWORD');

/** The sender's id of the event, as `keyword` has it. */
export const RULE_EVENT_ID = defineSearchAttributeKey('RuleEventId', 'KEYWORD');

/** True on trial runs alone. */
export const RULE_TEST = defineSearchAttributeKey('RuleTest', 'BOOL');

/**
 * The origin of the call that failed, or is held: written together with the status, on the failure path only. As `keyword`
 * has it.
 */
export const RULE_DESTINATION = defineSearchAttributeKey('RuleDestination', 'KEYWORD');

/** The origins of all steps, as the rule was when the execution began. As `keyword` has them. */
export const RULE_DESTINATIONS = defineSearchAttributeKey('RuleDestinations', 'KEYWORD_LIST');

/** Temporal's own: when what its schedules start was due. */
export const SCHEDULED_START_TIME = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/**
 * All of ours: what a server must know before an execution starts. A server whose visibility is in SQL, as the embedded
 * one, has room for ten keywords and three of each other type.
 */
export const SEARCH_ATTRIBUTES = [
  RULE_ID,
  RULE_DOMAIN,
  RULE_EVENT_TYPE,
  RULE_STATUS,
  RULE_NEXT_RETRY,
  RULE_WORKSPACE,
  RULE_EVENT_ID,
  RULE_TEST,
  RULE_DESTINATION,
  RULE_DESTINATIONS,
] as const;

/**
 * A text as a keyword that every server takes, and finds again: servers with SQL visibility (1.32) cannot be asked for
 * quotes, backslashes and control characters, however these are escaped, so they are written as in URLs.
 */
export function keyword(text: string): string {
  const plain = text.replace(
    /["'\\%\p{Cc}]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return plain.length <= MAX_KEYWORD_LENGTH ? plain : Array.from(plain).slice(0, MAX_KEYWORD_LENGTH).join('');
}

/** The text that a keyword was made of, as far as it is there. */
export function textOfKeyword(value: string): string {
  return value.replace(/%([0-9a-f]{2})/g, (_escape, code: string) => String.fromCharCode(parseInt(code, 16)));
}
