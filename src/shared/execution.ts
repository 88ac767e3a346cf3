import type { CalledWebhook } from './called-webhook';
import type { Json, JsonObject } from './json';

/** The fields of every request body that come from the event. Names are the contract's. */
export interface EventMessage {
  /** Absent, like `domain`, when a sender's own event is about no scorecard. */
  scorecard_id?: string;
  domain?: string;
  /** What triggered the execution. */
  trigger: JsonObject;
  previous?: Json;
  current?: Json;
  /** Integer YYYYMMDD. */
  platform_score_date?: number;
}

/** A step as an execution knows it. Its URL, headers and secrets are read at each attempt, so that an edit heals. */
export interface StepReference {
  id: string;
  /** For people: the URL without its query. */
  target: string;
  /** For people: absent when it is POST. */
  method?: string;
}

/** The input of the workflow `executeRule`. Holds no secret and no URL credential: history can be shown to anyone. */
export interface RuleExecution {
  executionId: string;
  /** Whose rule it is. Absent in executions that began before there were workspaces: DEFAULT_WORKSPACE. */
  workspace?: string;
  /** A trial run, which somebody asked for: shown as such everywhere. */
  test?: true;
  rule: { id: string; version: string; name: string };
  /** The sender's id of the event, and the kind of trigger that matched (e.g. `grade_drop`). */
  event: { id: string; type: string };
  message: EventMessage;
  steps: StepReference[];
  /** Milliseconds before retry 1, 2, …, each after the attempt before it. */
  retryDelaysMs: number[];
  /** Present when it makes good another execution, which had ended. */
  restart?: Restart;
  /** The span of its start, of which its attempts are children: W3C Trace Context. Absent when it is not traced. */
  traceparent?: string;
}

/** How an execution that is a restart begins. */
export interface Restart {
  /** The execution that it makes good. */
  of: string;
  /** Which of its steps is the first to be called, from 0; those before it count as called. */
  fromStep: number;
  /** What the steps before it called, in that other execution. */
  earlier: CalledWebhook[];
}

/** How the owner of an escalated execution learns of it. */
export interface Escalation {
  to: string;
  /** Of an e-mail of its own: absent when the execution is listed in its rule's next digest. */
  messageId?: string;
  /** ISO 8601, UTC. Absent as well. */
  sentAt?: string;
  /** When that digest is due. ISO 8601, UTC. */
  gatheredUntil?: string;
}
