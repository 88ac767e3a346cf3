// Installs the shells whose completion the tests try (bash, zsh, fish) by Debian's packages, where they are absent and
// that may be done. Needs Node alone. Exit code 3: one is absent and cannot be installed here.
import { spawnSync } from 'node:child_process';
import { installPackages } from './debian-packages.mjs';

const absent = ['bash', 'zsh', 'fish'].filter((shell) => spawnSync(shell, ['--version']).error);

if (absent.length > 0 && !installPackages(...absent)) {
  console.error(`Not installed, and not to be installed here: ${absent.join(', ')}.`);
  process.exit(3);
}
