import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What goes between a bench and the processes that it starts. */
export type FromChild =
  | { ready: unknown }
  | { answerTo: number; value: unknown }
  | { answerTo: number; error: string }
  | { told: unknown };
export type ToChild = { ask: unknown; nth: number } | 'stop';

/** Options of Node's for each such process, e.g. for a profile. */
export const nodeOptions: string[] = [];

/**
 * A process of a bench's own, so that what it uses can be told apart: `hosts/<name>.ts`. Does not outlive this process.
 */
export class Child<Ready = unknown> {
  private readonly asked = new Map<
    number,
    { resolve: (value: never) => void; reject: (error: Error) => void }
  >();
  private nth = 0;

  private constructor(
    private readonly child: ChildProcess,
    readonly ready: Ready,
    onTold: (message: never) => void,
  ) {
    child.on('message', (message: FromChild) => {
      if ('told' in message) onTold(message.told as never);
      if (!('answerTo' in message)) return;
      const { resolve, reject } = this.asked.get(message.answerTo) ?? {};
      this.asked.delete(message.answerTo);
      if ('error' in message) reject?.(new Error(message.error));
      else resolve?.(message.value as never);
    });
    child.once('exit', () => {
      for (const { reject } of this.asked.values()) reject(new Error('the process has ended'));
    });
  }

  /** @param onTold what it tells without being asked */
  static async start<Ready>(
    name: 'floor' | 'product' | 'receiver',
    settings: object,
    onTold: (message: never) => void = () => undefined,
  ): Promise<Child<Ready>> {
    const child = fork(join(__dirname, `../hosts/${name}.ts`), [JSON.stringify(settings)], {
      execArgv: ['--require', join(__dirname, '../register.cjs'), ...nodeOptions],
    });
    const first = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => undefined)]);
    const message = first?.[0] as FromChild | undefined;
    if (message === undefined || !('ready' in message)) throw new Error(`the process ${name} did not start`);
    return new Child(child, message.ready as Ready, onTold);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  ask<Answer = void>(ask: object): Promise<Answer> {
    const nth = (this.nth += 1);
    return new Promise<Answer>((resolve, reject) => {
      this.asked.set(nth, { resolve, reject });
      this.child.send({ ask, nth } satisfies ToChild);
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.send('stop' satisfies ToChild);
    await once(this.child, 'exit');
  }
}
