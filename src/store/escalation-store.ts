import type {
  EscalatedExecution,
  EscalationDecision,
  GatheredEscalations,
  NewEscalation,
} from '../shared/escalations';

/** Executions that were escalated, and which notice told of each. */
export interface Escalations {
  /**
   * Records one. The same again gives the same decision, as the first of its window.
   *
   * @param digestMs for how long later ones are gathered after one that is told alone. 0: each is told alone
   */
  record(escalation: NewEscalation, digestMs: number): Promise<EscalationDecision>;
  /**
   * Puts all of a rule's that nobody was told of into a notice, and opens the next window when there are any. Repeating it adds
   * those that have come since.
   *
   * @param next when that window ends. ISO 8601
   * @returns how many the notice is about
   */
  gather(rule: { workspace: string; ruleId: string }, noticeId: string, next: string): Promise<number>;
  /** What a notice is about: of an escalation that was told alone, the notice's id is the execution's. */
  notice(workspace: string, noticeId: string): Promise<GatheredEscalations>;
  /** Those that a notice is about, oldest first. */
  ofNotice(
    workspace: string,
    noticeId: string,
    page: { offset: number; limit: number },
  ): Promise<EscalatedExecution[]>;
  /**
   * How the owner of an escalated execution is told: by which notice (undefined: by a digest to come), with which rule's name.
   * Undefined when it is not on record, or not any more.
   */
  ofExecution(
    workspace: string,
    executionId: string,
  ): Promise<{ noticeId: string | undefined; escalated: EscalatedExecution } | undefined>;
  /** The ids of the rules of which an execution was escalated since, after a call to this origin. */
  rulesEscalated(workspace: string, origin: string, since: string): Promise<string[]>;
  /** Forgets those from before a time that somebody was told of. @returns how many */
  deleteBefore(time: string): Promise<number>;
}
