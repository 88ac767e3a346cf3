// Installs the shells whose completion the tests try (bash, zsh, fish) by Debian's packages, where they are absent and
// that may be done. Needs Node alone. Exit code 3: one is absent and cannot be installed here.
import { spawnSync } from 'node:child_process';

const absent = ['bash', 'zsh', 'fish'].filter((shell) => spawnSync(shell, ['--version']).error);

if (absent.length > 0) {
  const run = (...args) =>
    spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...absent];
  const mayInstall = process.getuid?.() === 0;
  if (!mayInstall || !(run(...install) || (run('update', '-qq') && run(...install)))) {
    console.error(`Not installed, and not to be installed here: ${absent.join(', ')}.`);
    process.exit(3);
  }
}
