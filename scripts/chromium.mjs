// Prints the path of a Chromium, for the tests of the dashboard and its screenshots; installs Debian's package where
// there is none and that may be done. Needs Node alone. CHROMIUM_PATH: one that is to be found nowhere else.
// Exit code 3: there is none and it cannot be installed here.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { canInstallPackages, installPackages } from './debian-packages.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function find() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env.CHROMIUM_PATH, ...onPath, ...MAC].find((path) => path && existsSync(path));
}

function install() {
  if (!canInstallPackages()) return false;
  console.error('Installing Chromium from the Debian packages ...');
  return installPackages('chromium');
}

const found = find() ?? (install() ? find() : undefined);
if (found === undefined) {
  console.error('There is no Chromium here, and it cannot be installed. Install one, or set CHROMIUM_PATH.');
  process.exit(3);
}
console.log(found);
