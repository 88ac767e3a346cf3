// Prometheus and promtool, for tests and for trying things out: prints the folder that they are in.
// Where there are none they are unpacked from Debian's package below node_modules/.cache; nothing is installed, and no
// server of the package's own is started. Exit code 3 when they are not there and cannot be had, 1 otherwise.
// Needs nothing but Node. PROMETHEUS_BIN: their folder, when they are to be found nowhere else.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aptGet } from './debian-packages.mjs';

const UNPACKED = fileURLToPath(new URL('../node_modules/.cache/rule-webhooks-prometheus', import.meta.url));

/** Exit code when they are not there, and cannot be had from here. */
const NOT_INSTALLABLE = 3;

class Failure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

function findBinaries() {
  const folders = [
    process.env.PROMETHEUS_BIN,
    ...(process.env.PATH ?? '').split(delimiter),
    join(UNPACKED, 'usr/bin'),
  ];
  return folders.find(
    (folder) => folder && existsSync(join(folder, 'prometheus')) && existsSync(join(folder, 'promtool')),
  );
}

function unpackBinaries() {
  if (spawnSync('apt-get', ['--version']).status !== 0 || spawnSync('dpkg', ['--version']).status !== 0) {
    throw new Failure(
      'There is no Prometheus here. Install it (macOS: brew install prometheus), or set PROMETHEUS_BIN to the folder of ' +
        'prometheus and promtool.',
      NOT_INSTALLABLE,
    );
  }
  console.error('Unpacking Prometheus from the Debian package ...');
  mkdirSync(dirname(UNPACKED), { recursive: true });
  const draft = mkdtempSync(`${UNPACKED}-`);
  try {
    const downloaded = () => aptGet(['download', 'prometheus'], { cwd: draft });
    // Only root may read the lists of packages anew.
    if (!downloaded() && !(aptGet(['update']) && downloaded())) {
      throw new Failure(
        'Prometheus could not be downloaded by apt-get, as it says above. Install it, or set PROMETHEUS_BIN.',
        NOT_INSTALLABLE,
      );
    }
    const [archive] = readdirSync(draft);
    const unpacked = spawnSync('dpkg', ['-x', join(draft, archive), draft], { stdio: ['ignore', 2, 2] });
    if (unpacked.status !== 0) throw new Failure('dpkg could not unpack Prometheus.');
    rmSync(join(draft, archive));
    if (!existsSync(UNPACKED)) renameSync(draft, UNPACKED);
  } finally {
    // When it failed, or another process was first.
    rmSync(draft, { recursive: true, force: true });
  }
  const found = findBinaries();
  if (found === undefined) throw new Failure('Prometheus was unpacked, but it is not found.');
  return found;
}

try {
  console.log(findBinaries() ?? unpackBinaries());
} catch (error) {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = error.exitCode ?? 1;
}
