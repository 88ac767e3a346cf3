import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { readTemporalConfiguration, type ConfiguredServer, type Environment } from './configured-server';
import { findRunningDevServer, startDevServer, type DevServer } from './dev-server';
import { messageOf } from './error-facts';
import { ensureNamespace } from './namespace';
import { adoptRetention, setRetention } from './retention';
import { ensureSearchAttributes } from './search-attributes';
import { findServerExecutable, type ServerExecutableSettings } from './server-executable';
import { TemporalSetupError } from './setup-error';
import { within } from '../shared/within';

/** For a server that is started together with this program. Milliseconds. */
const DEFAULT_CONNECT_TIME_LIMIT_MS = 30_000;

/** Milliseconds. */
const RETRY_INTERVAL_MS = 250;

/** How to reach a Temporal server that runs already. */
export interface TemporalConnectionSettings {
  /** Where Temporal's own variables are looked up. */
  environment: Environment;
  /** Below which the embedded server keeps its state. */
  dataFolder: string;
  /** How long a server may be unreachable at start. Milliseconds; 30,000 unless told. */
  connectTimeLimitMs?: number | undefined;
}

/** How to reach a Temporal server, or start one. */
export interface TemporalSettings extends TemporalConnectionSettings {
  /** Whether to start the embedded server even where another one is configured. */
  alwaysEmbedded?: boolean | undefined;
  /** Of the embedded server. See {@link startDevServer}. */
  port?: number | undefined;
  uiPort?: number | undefined;
  /** How long the embedded server, or a namespace that is registered here, keeps ended executions. */
  retentionDays: number;
  /** Whether a namespace that exists is to keep them for as long too. */
  adoptsRetention: boolean;
  /** Told what is not as it is set, and does not keep anything from running. */
  warn: (line: string) => void;
  executables: ServerExecutableSettings;
}

/** A connection to Temporal, with a namespace and search attributes that are ready to be used. */
export interface TemporalConnection {
  connection: NativeConnection;
  namespace: string;
  /** `host:port`. */
  address: string;
  /** Why this server, for people, e.g. `TEMPORAL_ADDRESS`. */
  source: string;
  /** The web UI of the embedded server. */
  uiUrl?: string;
  /** The embedded server, if this process owns it. */
  devServer?: DevServer;
  /** Closes the connection, whose workers must have stopped, and then stops the embedded server. */
  close: () => Promise<void>;
}

/**
 * Connects to the server that the environment or Temporal's profile file names, else starts the embedded one.
 * Registers the namespace and the search attributes where they are absent.
 *
 * The SDK's runtime comes into being here, so `Runtime.install` must be called before.
 *
 * @throws TemporalSetupError (or one of its subclasses) whose message says what to do
 */
export async function connectTemporal(settings: TemporalSettings): Promise<TemporalConnection> {
  const { server, namespace } = settings.alwaysEmbedded
    ? { server: undefined, namespace: 'default' }
    : readTemporalConfiguration(settings.environment);
  return server === undefined
    ? connectToEmbedded(settings, namespace)
    : connectToConfigured(server, namespace, settings);
}

/** A server that runs already. */
export interface RunningTemporal {
  server: ConfiguredServer;
  namespace: string;
  /** The web UI of an embedded server. */
  uiUrl?: string;
}

/**
 * The server that the environment or Temporal's profile file names, else the embedded one that another process runs on
 * the data folder; undefined when there is none. A named one is not asked whether it answers.
 *
 * @throws TemporalSetupError which names the variable or file that is wrong
 */
export async function findRunningTemporal({
  environment,
  dataFolder,
}: TemporalConnectionSettings): Promise<RunningTemporal | undefined> {
  const { server, namespace } = readTemporalConfiguration(environment);
  if (server !== undefined) return { server, namespace };
  const embedded = await findRunningDevServer(dataFolder);
  if (embedded === undefined) return undefined;
  const { address, uiUrl } = embedded;
  const source = 'the embedded server of a running process';
  return { server: { address, options: { address }, source }, namespace: embedded.namespace, uiUrl };
}

/**
 * Connects to the server that `findRunningTemporal` finds. Starts and registers nothing.
 *
 * @throws TemporalSetupError when there is none, or it cannot be reached
 */
export async function connectToRunningTemporal(
  settings: TemporalConnectionSettings,
): Promise<TemporalConnection> {
  const running = await findRunningTemporal(settings);
  if (running === undefined) {
    throw new TemporalSetupError(
      `No Temporal server runs on the data folder ${settings.dataFolder}. Start the program first, or set TEMPORAL_ADDRESS.`,
    );
  }
  const { server, namespace, uiUrl } = running;
  const connection = await connectWithin(server, timeLimitOf(settings));
  return { ...describe(connection, namespace, server), ...(uiUrl !== undefined && { uiUrl }) };
}

async function connectToConfigured(
  server: ConfiguredServer,
  namespace: string,
  settings: TemporalSettings,
): Promise<TemporalConnection> {
  const { retentionDays, adoptsRetention, warn } = settings;
  const connection = await connectWithin(server, timeLimitOf(settings));
  try {
    const isNew = await ensureNamespace(connection, namespace, retentionDays);
    if (adoptsRetention && !isNew) await adoptRetention(connection, namespace, retentionDays, warn);
    await ensureSearchAttributes(connection, namespace);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return describe(connection, namespace, server);
}

async function connectToEmbedded(settings: TemporalSettings, namespace: string): Promise<TemporalConnection> {
  const { dataFolder, port, uiPort, retentionDays } = settings;
  const executable = await findServerExecutable('cli', settings.executables);
  const devServer = await startDevServer({ executable, dataFolder, namespace, port, uiPort });
  let connection: NativeConnection | undefined;
  try {
    connection = await NativeConnection.connect({ address: devServer.address });
    await ensureNamespace(connection, namespace, retentionDays);
    // The embedded server creates its namespace by itself, with a retention of one day.
    await setRetention(connection, namespace, retentionDays);
    await ensureSearchAttributes(connection, namespace);
  } catch (error) {
    await connection?.close();
    await devServer.stop();
    throw error;
  }
  const described = describe(connection, namespace, {
    address: devServer.address,
    source: 'the embedded server',
  });
  const close = async () => {
    await described.close();
    await devServer.stop();
  };
  return { ...described, uiUrl: devServer.uiUrl, devServer, close };
}

function describe(
  connection: NativeConnection,
  namespace: string,
  { address, source }: Pick<ConfiguredServer, 'address' | 'source'>,
): TemporalConnection {
  return { connection, namespace, address, source, close: () => connection.close() };
}

function timeLimitOf(settings: TemporalConnectionSettings): number {
  return settings.connectTimeLimitMs ?? DEFAULT_CONNECT_TIME_LIMIT_MS;
}

async function connectWithin(server: ConfiguredServer, timeLimitMs: number): Promise<NativeConnection> {
  const deadline = Date.now() + timeLimitMs;
  for (;;) {
    try {
      return await connectOnce(server.options, deadline - Date.now());
    } catch (error) {
      if (!mayPass(error) || Date.now() + RETRY_INTERVAL_MS >= deadline) throw unreachable(server, error);
    }
    await delay(RETRY_INTERVAL_MS);
  }
}

/** The SDK's own attempt has no limit of ours: an address that swallows packets would hold it. */
async function connectOnce(options: NativeConnectionOptions, timeLimitMs: number): Promise<NativeConnection> {
  const attempt = NativeConnection.connect(options);
  return within(timeLimitMs, attempt, () => {
    void attempt.then((connection) => connection.close()).catch(() => undefined);
    throw new Error('no answer');
  });
}

/** Connecting gives no status code, only gRPC's own words for one, or the TLS library's. */
const LASTING = /does not have permission|valid authentication credentials|InvalidData|certificate/i;

/** Refused credentials and a TLS that does not fit stay so; a server that is not up yet comes up. */
function mayPass(error: unknown): boolean {
  return !(error instanceof TypeError) && !LASTING.test(messageOf(error));
}

function unreachable({ address, source }: ConfiguredServer, cause: unknown): TemporalSetupError {
  return new TemporalSetupError(
    `Temporal at ${address} (from ${source}) cannot be reached: ${messageOf(cause)}. ` +
      `Check the address, TEMPORAL_TLS and TEMPORAL_API_KEY; or unset them to run the embedded server.`,
    { cause },
  );
}
