import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionStatus } from '../../src/workflows/messages';

const FOLDER = join(__dirname, '../histories');
const MANIFEST = join(FOLDER, 'manifest.json');

/** Whom the servers knew the recording process as: in place of its pid and host name. */
export const RECORDER = 'recorder';

/** What the manifest says about one recorded history. */
export interface Recorded {
  case: string;
  /** What happens in it. */
  shows: string;
  workflowType: string;
  /** Relative to the folder of histories. */
  file: string;
  /** Of the file, so that an edited history is noticed. */
  sha256: string;
}

/** As much of a history's JSON as is looked at here. */
export interface History {
  events: {
    eventType: string;
    workflowExecutionStartedEventAttributes?: { workflowType: { name: string } };
    workflowExecutionCompletedEventAttributes?: { result: { payloads: Payload[] } };
    upsertWorkflowSearchAttributesEventAttributes?: {
      searchAttributes: { indexedFields: Record<string, Payload> };
    };
    activityTaskScheduledEventAttributes?: { activityType: { name: string } };
  }[];
}

/** Base64 of JSON. */
interface Payload {
  data?: string;
}

export function manifest(): Recorded[] {
  if (!existsSync(MANIFEST)) return [];
  return (JSON.parse(readFileSync(MANIFEST, 'utf8')) as { histories: Recorded[] }).histories;
}

/** The files of all recorded histories, as the manifest names them. */
export function recordedFiles(): string[] {
  return readdir();
}

export function textOf({ file }: Pick<Recorded, 'file'>): string {
  return readFileSync(join(FOLDER, file), 'utf8');
}

export function historyOf(recorded: Pick<Recorded, 'file'>): History {
  return JSON.parse(textOf(recorded)) as History;
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
