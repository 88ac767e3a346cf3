// Debian's packages of programs that tests need. Tests run side by side, and each of them may find its program absent.
import { spawnSync } from 'node:child_process';

/** apt gives up at once when another apt holds one of its locks. With a lock of ours before them, ours wait. */
const LOCK = '/var/cache/apt';

/** For what else installs packages on this machine, such as its own upgrades. Seconds. */
const FOREIGN_LOCK_TIMEOUT = 300;

/**
 * Runs apt-get when no other of this project's scripts does. Its words go to standard error.
 *
 * @param options of the child process
 * @returns whether it succeeded
 */
export function aptGet(args, options = {}) {
  const settings = [
    '-qq',
    '-o',
    `DPkg::Lock::Timeout=${FOREIGN_LOCK_TIMEOUT}`,
    '-o',
    'Dpkg::Options::=--force-confold',
  ];
  const { status } = spawnSync('flock', [LOCK, 'apt-get', ...settings, ...args], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    ...options,
  });
  return status === 0;
}

/** Whether packages may be installed here: by root, where there is apt. */
export function canInstallPackages() {
  return process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
}

/** @returns whether all of them are installed now */
export function installPackages(...names) {
  const installed = () => aptGet(['install', '-y', '--no-install-recommends', ...names]);
  return canInstallPackages() && (installed() || (aptGet(['update']) && installed()));
}
