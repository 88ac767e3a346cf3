import type { FromChild, ToChild } from './child';

/** What a process does for its bench. */
export interface Host {
  /** Sent to the bench when it is ready. */
  ready: unknown;
  answer(ask: never): Promise<unknown>;
  stop(): Promise<void>;
}

/** Runs a process of `Child`: with its settings until it is told to stop, or the bench is gone. */
export function runHost(start: (settings: never) => Promise<Host>): void {
  process.once('disconnect', () => process.exit(1));
  // The terminal's Ctrl-C is for the bench, which ends us.
  process.on('SIGINT', () => undefined);
  void start(JSON.parse(process.argv[2] ?? '{}') as never).then((host) => {
    process.on('message', (message: ToChild) => {
      if (message === 'stop') {
        void host.stop().finally(() => process.exit());
        return;
      }
      const { ask, nth } = message;
      host.answer(ask as never).then(
        (value) => {
          send({ answerTo: nth, value });
        },
        (error: unknown) => {
          send({ answerTo: nth, error: String(error) });
        },
      );
    });
    send({ ready: host.ready });
  });
}

/** Tells the bench something that it did not ask for. */
export function tell(told: unknown): void {
  send({ told });
}

function send(message: FromChild): void {
  process.send?.(message);
}
