/** A program of the topology, as faults see it. */
export interface Party {
  readonly name: string;
  /** The party whose life it shares, so that only one of the two is struck at a time. */
  readonly partOf?: string;
  /** Ends it by SIGKILL, and keeps it down until `revive`. */
  crash(): Promise<void>;
  /** The same, and it is started again by itself. */
  killNow(): void;
  /** Ends it as an operator does, and keeps it down until `revive`. */
  shutDown(): Promise<void>;
  /** Resolves when it is ready: at once when it is. */
  untilReady(): Promise<void>;
  /** Starts it again. Resolves when it is ready. */
  revive(): Promise<void>;
  /** SIGSTOP. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
}
