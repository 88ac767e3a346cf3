import { setTimeout as delay } from 'node:timers/promises';
import type { SentEvent } from './ledgers';
import type { Random } from './random';
import { EVENT_MIX } from './scenario';

/** Senders at once: each posts its next event when the one before is accepted. */
const SENDERS = 8;

/** How long a sender waits for an answer, and before it posts an event again. Milliseconds. */
const ANSWER_LIMIT_MS = 15_000;
const AGAIN_AFTER_MS = 300;

/** One event in so many is posted twice at once, and one is given up when it was refused for the first time. */
const TWICE_SHARE = 0.1;
const FAINT_SHARE = 0.1;

/** Between two events of a sender. Milliseconds. */
const PAUSE_MS = [1_000, 4_000] as const;

/** Where events are posted. */
export interface EventTarget {
  /** Of APIs that are alike, in turns. */
  urls: readonly string[];
  key: string;
}

/** Posts events, each until it is answered with 202. */
export class Load {
  readonly events: SentEvent[] = [];
  private isOver = false;
  private posts = 0;
  private readonly senders: Promise<unknown>;

  constructor(
    private readonly seed: number,
    private readonly random: Random,
    private readonly target: EventTarget,
  ) {
    this.senders = Promise.all(Array.from({ length: SENDERS }, () => this.send()));
  }

  /** Begins no further events. Resolves when those that were begun are accepted or given up. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.senders;
  }

  private async send(): Promise<void> {
    while (!this.isOver) {
      const event: SentEvent = {
        id: `evt-${this.seed}-${this.events.length + 1}`,
        type: this.someType(),
        answers: [],
      };
      this.events.push(event);
      const isTwice = this.random.next() < TWICE_SHARE;
      const isFaint = !isTwice && this.random.next() < FAINT_SHARE;
      const pause = this.random.between(...PAUSE_MS);
      await Promise.all([
        this.untilAccepted(event, isFaint),
        ...(isTwice ? [this.untilAccepted(event, false)] : []),
      ]);
      await delay(pause);
    }
  }

  private async untilAccepted(event: SentEvent, isFaint: boolean): Promise<void> {
    for (;;) {
      const status = await this.post(event);
      if (status === 202 || (isFaint && status !== undefined)) return;
      await delay(AGAIN_AFTER_MS);
    }
  }

  /** @returns undefined when there was no answer */
  private async post(event: SentEvent): Promise<number | undefined> {
    try {
      const { urls } = this.target;
      const response = await fetch(`${urls[this.posts++ % urls.length]}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.target.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ id: event.id, type: event.type, data: { event: event.id } }),
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      });
      const body = (await response.json()) as { executions?: { execution_id: string }[] };
      const executionIds = (body.executions ?? []).map(({ execution_id }) => execution_id);
      event.answers.push({ at: Date.now(), status: response.status, executionIds });
      return response.status;
    } catch {
      return undefined;
    }
  }

  private someType(): string {
    const whole = EVENT_MIX.reduce((sum, [, parts]) => sum + parts, 0);
    let left = this.random.next() * whole;
    return EVENT_MIX.find(([, parts]) => (left -= parts) < 0)?.[0] ?? EVENT_MIX[0]?.[0] ?? '';
  }
}
