// Makes a clone ready to run: installs what package-lock.json names, and builds, each only when something has changed.
// Needs nothing but Node and npm, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(path).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

function filesBelow(folder) {
  // Not `withFileTypes`, with which Node 20.3 leaves out most of what is in subfolders.
  return readdirSync(join(root, folder), { recursive: true })
    .map((path) => join(folder, path))
    .filter((path) => statSync(join(root, path)).isFile())
    .sort();
}

/** Runs `work` unless the stamp says that it was done for these very inputs. */
function unlessDone(stamp, inputs, work) {
  const path = join(root, stamp);
  const wanted = hashOf(inputs);
  if (existsSync(path) && readFileSync(path, 'utf8') === wanted) return;
  rmSync(path, { force: true });
  work();
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, wanted);
}

function run(what, args) {
  console.log(`${what} ...`);
  const { status } = spawnSync(npm, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status === 0) return;
  console.error(`${what}: "npm ${args.join(' ')}" failed, as it says above.`);
  process.exit(1);
}

unlessDone('node_modules/.installed', ['package-lock.json'], () =>
  run('Installing dependencies', ['ci', '--no-audit', '--no-fund', '--loglevel=error']),
);
unlessDone(
  'dist/.built',
  ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', ...filesBelow('src')],
  () => run('Building', ['run', '--silent', 'build']),
);
