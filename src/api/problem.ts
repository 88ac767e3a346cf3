import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { Problem } from '../rules/problems';

/** Every error's body: RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'What kind of problem it is.' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    request_id: z.string().meta({ description: 'Names the request in the log.' }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).meta({
      description: 'What is wrong, and where: `steps[0].url`, or the name of a query parameter or header.',
    }),
  })
  .meta({ id: 'Problem', description: 'Why the request was not carried out.' });

export type ProblemBody = z.output<typeof problemSchema>;

export const PROBLEM_TYPE = 'application/problem+json';

/** Kinds of problems: the end of their `type`, and the status that each has. */
const STATUS_OF = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'already-exists': 409,
  'in-use': 409,
  'event-conflict': 409,
  'own-key': 409,
  refused: 409,
  gone: 410,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  invalid: 422,
  'too-many-requests': 429,
  internal: 500,
  'secrets-unreadable': 500,
  'store-away': 503,
  'temporal-away': 503,
  'still-counting': 503,
} as const;

export type ProblemKind = keyof typeof STATUS_OF;

/** A request that cannot be carried out, and the answer that says so. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  readonly status: number;

  constructor(
    readonly kind: ProblemKind,
    detail: string,
    readonly more: { errors?: readonly Problem[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.status = STATUS_OF[kind];
  }

  body(requestId: string): ProblemBody {
    return {
      type: `urn:rule-webhooks:problem:${this.kind}`,
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      detail: this.message,
      request_id: requestId,
      errors: (this.more.errors ?? []).map(({ path, message }) => ({ path, message })),
    };
  }
}

/** What was sent is understood, and wrong. */
export function invalid(what: string, errors: readonly Problem[]): RequestProblem {
  return new RequestProblem('invalid', `${what} is not valid; see "errors".`, { errors });
}

/** There is nothing by that id. */
export function notFound(what: string): RequestProblem {
  return new RequestProblem('not-found', `There is no such ${what}.`);
}

/** The answers with which an operation may fail besides those that every one has, for its `response`. */
export function problems<Status extends number>(...statuses: Status[]) {
  return Object.fromEntries(statuses.map((status) => [status, problemSchema])) as Record<
    Status,
    typeof problemSchema
  >;
}
