/** A call that has come to the receiver. */
export interface Arrival {
  /** Of the event. */
  id: string;
  /** By `clockMs()`. */
  at: number;
}

/** The calls that have come to the receiver, by the events that they are about. */
export class Arrivals {
  private readonly times = new Map<string, number[]>();
  private readonly waiting = new Map<string, { count: number; resolve: (times: number[]) => void }>();

  readonly add = ({ id, at }: Arrival): void => {
    const times = this.times.get(id) ?? [];
    times.push(at);
    this.times.set(id, times);
    const waits = this.waiting.get(id);
    if (waits === undefined || times.length < waits.count) return;
    this.waiting.delete(id);
    waits.resolve(times);
  };

  /** Resolves with the times of the first `count` calls about an event, once they are there. */
  async of(id: string, count: number): Promise<number[]> {
    const times = this.times.get(id) ?? [];
    if (times.length >= count) return times;
    return new Promise((resolve) => this.waiting.set(id, { count, resolve }));
  }
}
