import { DEFAULT_WORKSPACE } from '../../shared/ids';

/** The ids by which the log names what a line is about. */
export const SUBJECT_FIELDS = [
  'executionId',
  'workspace',
  'ruleId',
  'stepId',
  'attempt',
  'eventId',
  'origin',
  'noticeId',
] as const;

type Subject = Partial<Record<(typeof SUBJECT_FIELDS)[number], unknown>>;

/** What an activity is about, of the ids in its input; nothing else of that is in the log. */
export function subjectOf(input: unknown): Subject {
  if (typeof input !== 'object' || input === null) return {};
  // An event is on record by its own id, mostly; retries are counted from 0.
  const { eventKey, retries } = input as { eventKey?: string; retries?: number };
  const subject: Subject = {
    ...('executionId' in input && { workspace: DEFAULT_WORKSPACE }),
    ...(eventKey !== undefined && { eventId: eventKey }),
    ...(retries !== undefined && { attempt: retries + 1 }),
  };
  for (const name of SUBJECT_FIELDS) if (name in input) subject[name] = (input as Subject)[name];
  return subject;
}
