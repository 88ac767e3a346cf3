import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import { MAX_RETRY_NOW } from '../shared/limits';
import { pause, release, resume, retryNow } from './messages';

/** A wait before an attempt. */
export interface Wait {
  /** Which attempt of its step comes after it, the first being 1. */
  attempt: number;
  /** When it ends by itself. Milliseconds since 1970. */
  at: number;
  /** Of its timer, for people. */
  summary: string;
  /** Whether `release` ends it. */
  isHold?: boolean;
  /** Called when it begins, and again after a pause. */
  onWait: () => void;
}

/** How a wait ended: its time came, or somebody asked for an attempt, or released the execution. */
export type WaitEnd = 'due' | 'retry-now' | 'released';

interface OpenWait extends Pick<Wait, 'attempt' | 'isHold'> {
  cut?: 'retry-now' | 'released';
}

/** The durable waits of an execution, and what people may do about them: retry now, pause and resume, release. */
export class Controls {
  private paused = false;
  private wait: OpenWait | undefined;
  private asked = 0;
  private lastResumed = 0;

  /** @param onPause called when an execution that waits is paused */
  constructor(private readonly onPause: () => void) {
    setHandler(
      retryNow,
      () => {
        const wait = this.waitToCut();
        // At once, so that a second update in the same moment is refused and not swallowed.
        wait.cut = 'retry-now';
        this.asked += 1;
        return { attempt: wait.attempt };
      },
      {
        description: 'End the wait for the next retry at once',
        validator: () => void this.waitToCut(),
      },
    );
    this.handlePauses();
    setHandler(
      release,
      () => {
        if (this.wait?.isHold) this.wait.cut ??= 'released';
      },
      { description: 'Look now whether a held execution may go on' },
    );
  }

  private handlePauses(): void {
    const set = (paused: boolean) => () => {
      if (!paused) this.lastResumed = Date.now();
      return { paused: (this.paused = paused) };
    };
    const refuse = (when: boolean, why: string) => () => {
      if (this.paused === when) throw ApplicationFailure.nonRetryable(why, 'PauseRefused');
    };
    setHandler(pause, set(true), {
      description: 'Make no further call until it is resumed',
      validator: refuse(true, 'it is paused already'),
    });
    setHandler(resume, set(false), {
      description: 'Go on after a pause',
      validator: refuse(false, 'it is not paused'),
    });
  }

  /** Whether no further call is to be made for now. */
  get isPaused(): boolean {
    return this.paused;
  }

  /** When the last pause ended. Milliseconds since 1970; 0 when there was none. */
  get resumedAt(): number {
    return this.lastResumed;
  }

  /**
   * Waits for the time of `wait`; a pause lasts until it is ended, however late that is.
   *
   * @throws CancelledFailure when the execution is cancelled
   */
  until(wait: Wait): Promise<WaitEnd> {
    return this.open(wait, async (open) => {
      for (;;) {
        if (this.paused) {
          const end = await this.pauseOf(open);
          if (end !== 'due') return end;
        }
        wait.onWait();
        const left = Math.max(1, wait.at - Date.now());
        const { summary } = wait;
        const isCut = await condition(() => open.cut !== undefined || this.paused, left, { summary });
        if (open.cut !== undefined) return open.cut;
        if (!isCut) return 'due';
      }
    });
  }

  /**
   * Waits until a pause has ended, or somebody asks for an attempt all the same.
   *
   * @param attempt which attempt of its step comes after it, the first being 1
   */
  untilResumed(attempt: number): Promise<WaitEnd> {
    return this.open({ attempt }, (open) => this.pauseOf(open));
  }

  private async pauseOf(open: OpenWait): Promise<WaitEnd> {
    this.onPause();
    await condition(() => open.cut === 'retry-now' || !this.paused);
    return open.cut ?? 'due';
  }

  /** While it is open, updates and signals find it. */
  private async open(
    { attempt, isHold }: Pick<Wait, 'attempt' | 'isHold'>,
    wait: (open: OpenWait) => Promise<WaitEnd>,
  ): Promise<WaitEnd> {
    const open: OpenWait = { attempt, ...(isHold && { isHold }) };
    this.wait = open;
    try {
      return await wait(open);
    } finally {
      this.wait = undefined;
    }
  }

  /** @throws ApplicationFailure when `retryNow` is refused, with the reason */
  private waitToCut(): OpenWait {
    if (this.wait === undefined || this.wait.cut === 'retry-now') {
      throw ApplicationFailure.nonRetryable('nothing waits for a retry now', 'RetryNowRefused');
    }
    if (this.asked >= MAX_RETRY_NOW) {
      const why = `this execution was told to retry ${MAX_RETRY_NOW} times: it waits for its schedule now`;
      throw ApplicationFailure.nonRetryable(why, 'RetryNowRefused');
    }
    return this.wait;
  }
}
