/**
 * `npm run fuzz:api`: starts a service of its own with an empty store and lets Schemathesis try the API against its
 * OpenAPI document for two minutes. Needs python3 with venv, and PyPI the first time. Further arguments go to `st run`, e.g.
 * `npm run fuzz:api -- --max-time 600 --include-tag Rules`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const VERSION = '4.32.5';

/**
 * What it takes for failures is by intention: a value that fits its schema may still be refused (422); the address
 * /v1/events/batch is that of an event called `batch`, too, so that GET is among its methods.
 */
const EXCLUDED_CHECKS = 'positive_data_acceptance,allow_header_conformance';

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
}

/** The path of Schemathesis, in an environment of its own that is kept between runs. */
function schemathesis() {
  const folder = join(tmpdir(), `rule-webhooks-schemathesis-${VERSION}`);
  const executable = join(folder, 'bin/st');
  if (!existsSync(executable)) {
    run('python3', ['-m', 'venv', folder]);
    run(join(folder, 'bin/pip'), ['install', '--quiet', `schemathesis==${VERSION}`]);
  }
  return executable;
}

async function startService(dataFolder) {
  const settings = { DATA_DIR: dataFolder, API_PORT: '0', API_RATE_LIMIT: '0', LOG_LEVEL: 'error' };
  const ports = { TEMPORAL_DEV_PORT: '0', TEMPORAL_DEV_UI_PORT: '0' };
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: { ...process.env, ...settings, ...ports },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let url = '';
  for await (const line of createInterface({ input: child.stdout })) {
    url = /^API: (\S+)/.exec(line)?.[1] ?? url;
    if (line.startsWith('Ready')) return { child, url };
  }
  throw new Error('the service did not start');
}

const executable = schemathesis();
const folder = mkdtempSync(join(tmpdir(), 'rule-webhooks-fuzz-'));
const { child, url } = await startService(join(folder, 'data'));
try {
  const key = readFileSync(join(folder, 'data/admin-key'), 'utf8').trim();
  const { status } = spawnSync(
    executable,
    [
      'run',
      `${url}/openapi.json`,
      '--header',
      `Authorization: Bearer ${key}`,
      // Answer for as long as an execution lasts, or without an end.
      '--exclude-operation-id',
      'followExecution',
      '--exclude-operation-id',
      'followExecutionChanges',
      '--exclude-checks',
      EXCLUDED_CHECKS,
      '--max-time',
      '120',
      ...process.argv.slice(2),
    ],
    { stdio: 'inherit', cwd: folder },
  );
  process.exitCode = status ?? 1;
} finally {
  child.kill('SIGTERM');
  await once(child, 'exit');
  rmSync(folder, { recursive: true, force: true });
}
