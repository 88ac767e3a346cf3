import type { Readable } from 'node:stream';
import { EXIT, type ExitCode } from './exit-codes';
import { ApiClient } from './http';
import type { Output } from './output';
import { findService, type ServiceAddress, type ServiceOptions } from './service-address';
import type { Settings } from './settings';

/** A service that a command runs for as long as it needs one. */
export interface OwnService {
  url: string;
  key: string;
  stop: () => Promise<void>;
}

/** What the commands reach of the world around them. */
export interface World {
  settings: Settings;
  stdin: Readable;
  out: Output;
  /** Aborted when the user wants an end. */
  signal: AbortSignal;
  /** Runs a service in this process. @param dataDir when it is not the one of the settings. @throws CommandError */
  startOwn: (dataDir: string | undefined) => Promise<OwnService>;
  /** Runs the service's own program in this process, with these arguments, until it ends the process. */
  runService: (args: readonly string[], dataDir: string | undefined) => Promise<void>;
}

/** The options that every command takes. */
export interface GlobalOptions extends ServiceOptions {
  json?: boolean | undefined;
}

/** One run of the command line. */
export class Cli {
  /** With what it ends when nothing is thrown. */
  exitCode: ExitCode = EXIT.done;
  private options: GlobalOptions = {};
  private client: ApiClient | undefined;

  constructor(readonly world: World) {}

  get out(): Output {
    return this.world.out;
  }

  get signal(): AbortSignal {
    return this.world.signal;
  }

  /** As it was given by option. */
  get dataDir(): string | undefined {
    return this.options.dataDir;
  }

  /** Takes the options over, before a command begins. */
  configure(options: GlobalOptions): void {
    this.options = options;
    this.out.json = options.json === true;
  }

  /** Which service is meant. @throws AwayError, BadInputError */
  address(): Promise<ServiceAddress> {
    return findService(this.options, this.world.settings);
  }

  /** The API of that service. @throws AwayError, BadInputError */
  async api(): Promise<ApiClient> {
    return this.client ?? this.use(await this.address());
  }

  /** Makes this the service of all that follows. */
  use(service: { url: string; key: string }): ApiClient {
    this.client = new ApiClient(service, this.signal);
    return this.client;
  }
}
