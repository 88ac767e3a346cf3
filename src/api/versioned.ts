import type { FastifyReply } from 'fastify';
import { etagOf, ifItMatches } from './etag';
import { notFound } from './problem';
import type { IfVersion } from '../store/record';

interface Versioned {
  version: number;
}

/** A store's "only if there is none yet". */
const NOT_THERE: IfVersion = { ifVersion: 0 };

/** Answers with something that has a version, as its ETag says too; 404 when there is none. */
export function answerOne<T extends Versioned, A>(
  reply: FastifyReply,
  found: T | undefined,
  what: string,
  answerOf: (found: T) => A,
): A {
  if (found === undefined) throw notFound(what);
  reply.header('etag', etagOf(found));
  return answerOf(found);
}

/** Creates or replaces something under the conditions of its headers. */
export async function putOne<T extends Versioned>(
  headers: { 'if-match'?: string | undefined; 'if-none-match'?: string | undefined },
  current: () => Promise<Versioned | undefined>,
  write: (condition: IfVersion) => Promise<T>,
): Promise<T> {
  if (headers['if-none-match'] !== undefined) return write(NOT_THERE);
  return ifItMatches(headers['if-match'], current, write);
}

/** Answers to a PUT: 201 with its address when it created something. */
export function answerPut<T extends Versioned & { created: boolean }, A>(
  reply: FastifyReply,
  put: T,
  location: string,
  answerOf: (put: T) => A,
): A {
  reply.header('etag', etagOf(put));
  if (put.created) reply.code(201).header('location', location);
  return answerOf(put);
}
