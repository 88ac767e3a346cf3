import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { dirname, join, posix, sep } from 'node:path';

const FOLDER = join(__dirname, '../histories');
const MANIFEST = join(FOLDER, 'manifest.json');

/** What the servers were told in place of the recording machine's host name. */
export const RECORDER = 'recorder';

/** Read before the recorder hides it. */
const HOSTNAME = hostname();

/** What the manifest says about one recorded history. */
export interface Recorded {
  /** Relative to the folder of histories: `<workflow type>/<version>/<case>.json`. */
  file: string;
  case: string;
  /** What happens in it. */
  shows: string;
  workflowType: string;
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

interface Payload {
  /** Base64 of JSON. */
  data?: string;
}

export function manifest(): Recorded[] {
  if (!existsSync(MANIFEST)) return [];
  return (JSON.parse(readFileSync(MANIFEST, 'utf8')) as { histories: Recorded[] }).histories;
}

/** The histories that are there, named as in the manifest. */
export function recordedFiles(): string[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll(sep, '/'))
    .filter((file) => file.includes('/') && file.endsWith('.json'));
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

/**
 * Keeps a history, and names it in the manifest.
 *
 * @param text made by `historyToJSON`
 * @throws Error when there is a history of this name: recorded ones are never replaced
 */
export function keepHistory(
  about: Omit<Recorded, 'file' | 'sha256'> & { version: string },
  text: string,
): void {
  const { version, ...entry } = about;
  const file = posix.join(entry.workflowType, version, `${entry.case}.json`);
  const traces = tracesOfMachine(JSON.parse(text));
  if (traces.length > 0) throw new Error(`${file} would tell about this machine: ${traces.join(', ')}`);
  mkdirSync(dirname(join(FOLDER, file)), { recursive: true });
  writeFileSync(join(FOLDER, file), text, { flag: 'wx' });
  const histories = [...manifest(), { file, ...entry, sha256: sha256Of(text) }];
  writeFileSync(MANIFEST, `${JSON.stringify({ histories }, undefined, 2)}\n`);
}

/** How an execution ended: the event that closed it, and the last status that it told. */
export function endingOf({ events }: History): string {
  const closing = events.at(-1);
  const shown = events
    .map((event) => event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes.indexedFields)
    .findLast((fields) => fields?.['RuleStatus'] !== undefined)?.['RuleStatus'];
  const [result] = closing?.workflowExecutionCompletedEventAttributes?.result.payloads ?? [];
  const status = result ? (decoded(result) as { status: string }).status : shown && decoded(shown);
  return `${closing?.eventType} ${String(status)}`;
}

/** What a workflow came to; undefined when it did not complete. */
export function resultOf({ events }: History): unknown {
  const [result] = events.at(-1)?.workflowExecutionCompletedEventAttributes?.result.payloads ?? [];
  return result && decoded(result);
}

/** What a history tells about the machine that recorded it: its names and folders, in clear or inside of payloads. */
export function tracesOfMachine(history: unknown): string[] {
  return textsIn(history).filter(
    (text) =>
      text.split(/[^\w.-]+/).includes(HOSTNAME) ||
      /file:\/\/|node_modules|(^|[\s("'`])(\/\w[\w.-]*\/|[A-Z]:\\)|^\s+at .+:\d+:\d+/m.test(text) ||
      [process.cwd(), homedir(), tmpdir()].some((folder) => text.includes(folder)),
  );
}

/** Every `identity` in a history. */
export function identitiesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'identity' ? [String(inner)] : identitiesIn(inner),
  );
}

/** Every text in a value; of a payload its content. */
function textsIn(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return [key === 'data' ? Buffer.from(value, 'base64').toString() : value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, name));
}

function decoded({ data = '' }: Payload): unknown {
  return JSON.parse(Buffer.from(data, 'base64').toString());
}
