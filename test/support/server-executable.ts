import { homedir } from 'node:os';
import path from 'node:path';
import type { ServerKind } from '../../src/temporal/pinned-releases';
import { findServerExecutable } from '../../src/temporal/server-executable';

const found = new Map<ServerKind, Promise<string>>();

/** The path of a server executable, found as the program finds it: at first it may be downloaded, then it is cached. */
export function serverExecutable(kind: ServerKind): Promise<string> {
  const path = found.get(kind) ?? findWithRealEnvironment(kind);
  found.set(kind, path);
  return path;
}

function findWithRealEnvironment(kind: ServerKind): Promise<string> {
  const { TEMPORAL_CLI_PATH, TEMPORAL_TEST_SERVER_PATH, PATH = '', XDG_CACHE_HOME = '' } = process.env;
  return findServerExecutable(kind, {
    cliPath: TEMPORAL_CLI_PATH,
    testServerPath: TEMPORAL_TEST_SERVER_PATH,
    searchPath: PATH,
    // An empty variable counts as unset.
    cacheHome: XDG_CACHE_HOME === '' ? path.join(homedir(), '.cache') : XDG_CACHE_HOME,
  });
}
