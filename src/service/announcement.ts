import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../files/write-whole';

/** What a running service leaves in its data folder, so that the command line finds it. */
export interface Announcement {
  /** Of the API. */
  url: string;
  pid: number;
  /** ISO 8601, UTC. */
  startedAt: string;
}

/** Announces this process' API. @returns how to take that back; another process' announcement stays */
export async function announce(dataFolder: string, url: string): Promise<() => Promise<void>> {
  const file = join(dataFolder, 'service.json');
  const announcement: Announcement = { url, pid: process.pid, startedAt: new Date().toISOString() };
  await writeWhole(file, `${JSON.stringify(announcement)}\n`);
  return async () => {
    const text = await readFile(file, 'utf8').catch(() => '{}');
    if ((JSON.parse(text) as Partial<Announcement>).pid === process.pid) await rm(file, { force: true });
  };
}
