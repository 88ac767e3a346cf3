/** An execution that was escalated, as e-mails list it. */
export interface EscalatedExecution {
  executionId: string;
  ruleId: string;
  ruleName: string;
  domain: string | null;
  /** Of the call that failed last. */
  origin: string;
  url: string;
  error: string;
  /** ISO 8601, UTC. */
  at: string;
}

/** An execution that is escalated, and who its rule's owner is now. */
export interface NewEscalation extends EscalatedExecution {
  workspace: string;
  owner: { name?: string | undefined; email: string };
}

/** How its owner learns of it. */
export type EscalationDecision =
  /** By a mail of its own. */
  | { kind: 'alone' }
  /** By its rule's next digest. */
  | { kind: 'gathered'; until: string; isFirst: boolean };

/** What a digest is about. */
export interface GatheredEscalations {
  total: number;
  /** Of the newest of them; undefined when there are none. */
  rule: { id: string; name: string } | undefined;
  owner: { name?: string; email: string } | undefined;
}

/** Input of the workflow `escalationDigest`: a rule whose further escalations are gathered. */
export interface EscalationDigest {
  workspace: string;
  ruleId: string;
  /** When they are told. ISO 8601, UTC. */
  until: string;
}

/** What became of a digest. */
export interface DigestReport {
  /** Mails that it sent, and the escalations that they told of. */
  mails: number;
  told: number;
}
