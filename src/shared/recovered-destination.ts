/** The input of the workflow `announceRecovery`: a destination that works again. */
export interface RecoveredDestination {
  workspace: string;
  origin: string;
  /** Since when its calls failed. ISO 8601, UTC. */
  failingSince: string;
  recoveredAt: string;
  /** It had been disabled by itself, and the rules that call it were told. */
  wasDisabled: boolean;
}

/** Who is told of it. */
export interface RecoveryReport {
  /** Rules whose owners, recipients and channels are. */
  rules: number;
}
