import { once } from 'node:events';
import { Option, type Command } from 'commander';
import type { Cli } from '../cli';
import { BadInputError } from '../errors';
import { startReceiver, type Receiver } from '../listen/receiver';
import { requestJson, requestLines } from '../listen/request-report';
import { integer } from '../options';

const DEFAULT_PORT = 4811;

interface ListenOptions {
  port: number;
  status: number;
  fail: number;
  delay: number;
  public?: boolean;
}

/** Adds `listen`. */
export function addListen(program: Command, cli: Cli): void {
  program
    .command('listen')
    .description('receive webhooks here, and show each request; answers 200 {"ok":true} or as told')
    .addOption(
      new Option('--port <n>', 'of 127.0.0.1; 0 is any that is free')
        .default(DEFAULT_PORT)
        .argParser(integer(0, 65_535)),
    )
    .addOption(
      new Option('--status <n>', 'answer with this status').default(200).argParser(integer(200, 599)),
    )
    .addOption(
      new Option('--fail <n>', 'answer so many requests with 503 first')
        .default(0)
        .argParser(integer(0, 1_000_000)),
    )
    .addOption(
      new Option('--delay <ms>', 'answer after so many milliseconds')
        .default(0)
        .argParser(integer(0, 600_000)),
    )
    .option('--public', 'let other machines reach it too')
    .action(async (options: ListenOptions) => {
      await listen(cli, options);
    });
}

async function listen(cli: Cli, options: ListenOptions): Promise<void> {
  const { out } = cli;
  const answers = { status: options.status, failFirst: options.fail, delayMs: options.delay };
  let receiver: Receiver;
  try {
    receiver = await startReceiver(
      options.public ? { port: options.port } : { host: '127.0.0.1', port: options.port },
      answers,
      (request) => {
        if (out.json) out.item(requestJson(request));
        else for (const line of [...requestLines(request, out.colors), '']) out.print(line);
      },
    );
  } catch (error) {
    throw new BadInputError(`--port: ${String(options.port)} cannot be had: ${(error as Error).message}`);
  }
  const where = options.public
    ? `port ${receiver.port} of every address of this machine`
    : `http://127.0.0.1:${receiver.port}`;
  out.note(`Listening on ${where}. Ctrl-C ends it.`);
  if (!options.public) out.note('Rules may call it when the service runs with ALLOWED_NETWORKS=127.0.0.0/8.');
  if (!cli.signal.aborted) await once(cli.signal, 'abort');
  await receiver.close();
  cli.signal.throwIfAborted();
}
