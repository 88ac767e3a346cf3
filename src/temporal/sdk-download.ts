import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { DownloadRequest, ExecutableDownload } from './executable-download';
import { PINNED_RELEASES } from './pinned-releases';
import { within } from '../shared/within';

/** The SDK sets itself no limit. Milliseconds. */
const TIME_LIMIT_MS = 120_000;

/**
 * The Temporal SDK's own download of the pinned version. It is authenticated by TLS alone, so its sum is trusted on
 * first use and held from then on by the cache.
 */
export const sdkDownload: ExecutableDownload = {
  name: "the Temporal SDK's own download",

  async fetch({ kind, folder }: DownloadRequest): Promise<string> {
    await within(TIME_LIMIT_MS, startOnce(kind, folder), () => {
      throw new Error(`no answer within ${TIME_LIMIT_MS / 1000} s`);
    });
    const [file] = await readdir(folder);
    if (file === undefined) throw new Error('it left no file');
    return path.join(folder, file);
  },
};

/** The SDK has no call that only downloads: it downloads, then starts. So it is started once and stopped. */
async function startOnce(kind: DownloadRequest['kind'], downloadDir: string): Promise<void> {
  // Loaded here because a program that has its server needs none of it.
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const version = `v${PINNED_RELEASES[kind].version}`;
  const server = { executable: { type: 'cached-download' as const, version, downloadDir } };
  const environment =
    kind === 'cli'
      ? await TestWorkflowEnvironment.createLocal({ server })
      : await TestWorkflowEnvironment.createTimeSkipping({ server });
  await environment.teardown();
}
