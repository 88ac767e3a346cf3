import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import type { Subject } from './subject';

interface Answer {
  rss: number;
  heapUsed: number;
  external: number;
  timers: number;
}

/** What a subject holds now: the service's memory after a garbage collection, what it has open, and what its databases have. Bytes and counts. */
export async function heldBy(subject: Subject, temporal: Client): Promise<Record<string, number>> {
  const { child } = subject.service;
  child.send({});
  const [{ rss, heapUsed, external, timers }] = (await once(child, 'message')) as [Answer];
  return {
    ...{ heap: heapUsed, external, rss, timers },
    ...openFilesOf(child.pid ?? 0),
    ...(await subject.databases()),
    executions: (await temporal.workflow.count()).count,
  };
}

function openFilesOf(pid: number): { sockets: number; files: number } {
  const folder = `/proc/${pid}/fd`;
  const targets = readdirSync(folder).map((descriptor) => {
    try {
      return readlinkSync(`${folder}/${descriptor}`);
    } catch {
      // Closed in the meantime.
      return '';
    }
  });
  const sockets = targets.filter((target) => target.startsWith('socket:')).length;
  return { sockets, files: targets.filter((target) => target !== '').length - sockets };
}
