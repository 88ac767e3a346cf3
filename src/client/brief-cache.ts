/** Keeps answers for a short time, so that what many ask for at once is found out once. A failure is not kept. */
export class BriefCache<T> {
  private readonly kept = new Map<string, { answer: Promise<T>; until: number }>();

  /** @param keptMs counted from the answer on */
  constructor(private readonly keptMs: number) {}

  /** @throws what `ask` throws, to all who wait for it */
  get(key: string, ask: () => Promise<T>): Promise<T> {
    const now = performance.now();
    for (const [old, { until }] of this.kept) if (until <= now) this.kept.delete(old);
    const known = this.kept.get(key);
    if (known !== undefined) return known.answer;
    const asked = { answer: ask(), until: Infinity };
    this.kept.set(key, asked);
    asked.answer.then(
      () => {
        asked.until = performance.now() + this.keptMs;
      },
      () => this.kept.delete(key),
    );
    return asked.answer;
  }
}
