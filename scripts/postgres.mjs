// A PostgreSQL server to throw away, for tests and for trying things out: prints its URL, runs until it is stopped
// (Ctrl-C, SIGTERM, the end of a piped standard input, the death of this process), and leaves nothing behind.
// A line `stop` or `start` on a piped standard input stops the server for a while, and starts it again.
// `--template FOLDER` copies what initdb makes from below this folder, where the first run leaves it.
// `--durable` syncs what is committed, and gives the server PostgreSQL's own memory, as one that is measured should have.
// `--check` only sees to it that PostgreSQL is there: exit code 0, 3 when it is not and cannot be installed, 1 otherwise.
// Needs nothing but Node. POSTGRES_BIN: the folder of initdb and postgres, when they are to be found nowhere else.
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { canInstallPackages, installPackages } from './debian-packages.mjs';

const DEBIAN_FOLDER = '/usr/lib/postgresql';

/** Exit code when there is no PostgreSQL, and none can be installed from here. */
const NOT_INSTALLABLE = 3;

const START_TIME_LIMIT_MS = 30_000;

/** Waits for the end of its input, which comes however this process ends; then ends the server and removes all. */
const WATCHER = `
cat >/dev/null
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ]; then
  kill -QUIT "$pid"
  tries=0
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.05
    tries=$((tries + 1))
    [ "$tries" -eq 200 ] && kill -KILL "$pid"
  done
fi
cd /
rm -rf "$1"
`;

/** Small logs of changes, as each server writes the first one whole. */
const INITDB =
  '--username rules --auth scram-sha-256 --encoding UTF8 --locale C --wal-segsize 1 --no-sync --no-instructions'.split(
    ' ',
  );

/** Small and quick: it is thrown away with the machine's memory. */
const THROWN_AWAY = { fsync: 'off', shared_buffers: '16MB', max_connections: '60' };

/** The order of texts of an ordinary installation, which is not that of their bytes. Not every build has it. */
const ORDINARY = ['--locale-provider', 'icu', '--icu-locale', 'en-US'];

class Failure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

function findBinaries() {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : [];
  const folders = [
    process.env.POSTGRES_BIN,
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(DEBIAN_FOLDER, version, 'bin')),
  ];
  return folders.find(
    (folder) => folder && existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  );
}

function installBinaries() {
  if (!canInstallPackages()) {
    throw new Failure(
      'There is no PostgreSQL server here. Install one (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql), ' +
        'or set POSTGRES_BIN to the folder of its initdb and postgres.',
      NOT_INSTALLABLE,
    );
  }
  console.error('Installing PostgreSQL from the Debian packages ...');
  // Debian's package would otherwise set up and start a server of its own.
  mkdirSync('/etc/postgresql-common', { recursive: true });
  const settings = '/etc/postgresql-common/createcluster.conf';
  if (!existsSync(settings)) writeFileSync(settings, 'create_main_cluster = false\n');
  if (!installPackages('postgresql')) {
    throw new Failure(
      'PostgreSQL could not be installed by apt-get, as it says above. Install it, or set POSTGRES_BIN.',
      NOT_INSTALLABLE,
    );
  }
  const found = findBinaries();
  if (found === undefined) throw new Failure('apt-get has installed PostgreSQL, but it is not found.');
  return found;
}

/** The server refuses to run as root. */
function unprivilegedUser() {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((what) => spawnSync('id', [what, name], { encoding: 'utf8' }));
    if (uid.status === 0 && gid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Failure('There is neither a user "postgres" nor "nobody", and PostgreSQL does not run as root.');
}

/** With owners and modes: the server looks at both. */
function copy(from, to) {
  mkdirSync(to, { recursive: true });
  const { status, stderr } = spawnSync('cp', ['-Rp', `${from}/.`, to], { encoding: 'utf8' });
  if (status !== 0) throw new Failure(`cp failed: ${stderr}`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

class Cluster {
  constructor(binaries, { isDurable }) {
    this.binaries = binaries;
    this.isDurable = isDurable;
    this.user = unprivilegedUser();
    this.folder = mkdtempSync(join(tmpdir(), 'rule-webhooks-postgres-'));
    if (this.user.uid !== undefined) chownSync(this.folder, this.user.uid, this.user.gid);
    this.password = randomBytes(12).toString('hex');
    this.watcher = spawn('/bin/sh', ['-c', WATCHER, 'sh', this.folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    this.log = '';
  }

  /** @param templates below which the files of an earlier server are found, or left for later ones */
  create(templates) {
    if (templates === undefined) return this.initialize();
    const { stdout: version } = spawnSync(join(this.binaries, 'postgres'), ['--version'], {
      encoding: 'utf8',
    });
    const owner = String(this.user.uid ?? process.getuid());
    const key = createHash('sha256').update(
      [version, owner, INITDB.join(' '), ORDINARY.join(' ')].join('\n'),
    );
    const template = join(templates, key.digest('hex').slice(0, 16));
    if (!existsSync(template)) this.makeTemplate(template);
    copy(template, this.folder);
    this.password = readFileSync(join(this.folder, 'password'), 'utf8');
  }

  makeTemplate(template) {
    this.initialize();
    const draft = `${template}-${process.pid}`;
    copy(this.folder, draft);
    try {
      renameSync(draft, template);
    } catch {
      // Another process was first.
      rmSync(draft, { recursive: true });
    }
    rmSync(join(this.folder, 'data'), { recursive: true });
  }

  initialize() {
    const passwordFile = join(this.folder, 'password');
    writeFileSync(passwordFile, this.password, { mode: 0o600 });
    if (this.user.uid !== undefined) chownSync(passwordFile, this.user.uid, this.user.gid);
    const places = ['--pgdata', join(this.folder, 'data'), '--pwfile', passwordFile];
    const initdb = (...more) =>
      spawnSync(join(this.binaries, 'initdb'), [...places, ...INITDB, ...more], {
        ...this.user,
        cwd: this.folder,
        encoding: 'utf8',
      });
    if (initdb(...ORDINARY).status === 0) return;
    const { status, stderr } = initdb();
    if (status !== 0) throw new Failure(`initdb failed: ${stderr}`);
  }

  get isRunning() {
    return this.server !== undefined && this.server.exitCode === null && this.server.signalCode === null;
  }

  /** On the port that it had, when it had one. */
  async start() {
    if (this.isRunning) return;
    this.port ??= await freePort();
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      wal_level: 'minimal',
      max_wal_senders: '0',
      ...(this.isDurable ? {} : THROWN_AWAY),
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.server = spawn(
      join(this.binaries, 'postgres'),
      ['-D', join(this.folder, 'data'), '-p', String(this.port), ...args],
      // In a session of its own: Ctrl-C reaches this process only.
      { ...this.user, cwd: this.folder, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.server.stderr
      .setEncoding('utf8')
      .on('data', (text) => (this.log = (this.log + text).slice(-10_000)));
    const deadline = Date.now() + START_TIME_LIMIT_MS;
    while (!this.log.includes('database system is ready to accept connections')) {
      if (!this.isRunning || Date.now() > deadline) {
        throw new Failure(`PostgreSQL did not start: ${this.log}`);
      }
      await delay(10);
    }
  }

  async stop() {
    this.log = '';
    if (!this.isRunning) return;
    this.server.kill('SIGINT');
    await once(this.server, 'exit');
  }

  /** Ends the server and removes what it wrote. */
  async remove() {
    this.watcher.stdin.end();
    while (existsSync(this.folder)) await delay(10);
  }

  get url() {
    return `postgres://rules:${this.password}@127.0.0.1:${this.port}/postgres`;
  }
}

async function main() {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean' },
      durable: { type: 'boolean', default: false },
      template: { type: 'string' },
    },
  });
  const binaries = findBinaries() ?? installBinaries();
  if (values.check) return;
  const cluster = new Cluster(binaries, { isDurable: values.durable });
  const end = async (exitCode) => {
    await cluster.remove();
    process.exit(exitCode);
  };
  process.on('SIGINT', () => end(0)).on('SIGTERM', () => end(0));
  try {
    cluster.create(values.template);
    await cluster.start();
  } catch (error) {
    console.error(error.message);
    await end(error.exitCode ?? 1);
  }
  console.log(cluster.url);
  const input = fstatSync(0);
  // Of a terminal and of /dev/null there is nothing to wait for.
  if (!input.isFIFO() && !input.isSocket()) return;
  const commands = { stop: () => cluster.stop(), start: () => cluster.start() };
  for await (const line of createInterface({ input: process.stdin })) {
    await commands[line]?.();
    console.log(line);
  }
  await end(0);
}

main().catch((error) => {
  console.error(error instanceof Failure ? error.message : error);
  process.exit(error.exitCode ?? 1);
});
