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

/** The API that a service of this machine runs on the data folder, or did; undefined when there is none. */
export async function readAnnouncement(dataFolder: string): Promise<Partial<Announcement> | undefined> {
  const text = await readFile(announcementFile(dataFolder), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Partial<Announcement>);
}

function announcementFile(dataFolder: string): string {
  return join(dataFolder, 'service.json');
}

/** Announces this process' API. @returns how to take that back; another process' announcement stays */
export async function announce(dataFolder: string, url: string): Promise<() => Promise<void>> {
  const file = announcementFile(dataFolder);
  const announcement: Announcement = { url, pid: process.pid, startedAt: new Date().toISOString() };
  await writeWhole(file, `${JSON.stringify(announcement)}\n`);
  return async () => {
    const announced = await readAnnouncement(dataFolder);
    if (announced?.pid === process.pid) await rm(file, { force: true });
  };
}
