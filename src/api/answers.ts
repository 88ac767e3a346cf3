import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AllowedMethods } from './allowed-methods';
import { PROBLEM_TYPE, RequestProblem } from './problem';
import { problemOf } from './problem-of';

/** The caller's own id of a request, when it is one that may stand in a log; else one that is made here. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}

/** Tells the log what is not the caller's fault. What nobody foresaw goes there whole. */
export function logProblem(
  { status, kind, message }: RequestProblem,
  error: unknown,
  { log }: FastifyRequest,
): void {
  if (status === 500) log.error({ err: error }, 'request failed');
  else if (status > 500) log.warn({ kind }, message);
}

/** Answers with what went wrong. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error);
  logProblem(problem, error, request);
  void reply
    .code(problem.status)
    .header('x-request-id', request.id)
    .headers(problem.more.headers ?? {})
    .type(PROBLEM_TYPE)
    .send(problem.body(request.id));
}

/** What is answered where no route is: 404, or 405 when there are other methods. OPTIONS are told them. */
export class NoRoute {
  constructor(private readonly methods: AllowedMethods) {}

  readonly answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const allow = this.allowOf(request);
    if (request.method !== 'OPTIONS' || allow === undefined) throw this.problem(request);
    return reply.code(204).header('allow', allow).send();
  };

  /** Also instead of whatever else is wrong with such a request, such as its body. */
  problem(request: FastifyRequest): RequestProblem {
    const allow = this.allowOf(request);
    return allow === undefined
      ? new RequestProblem('not-found', 'There is nothing at this address.')
      : new RequestProblem('method-not-allowed', `This address has ${allow}.`, { headers: { allow } });
  }

  private allowOf({ url }: FastifyRequest): string | undefined {
    const [path = ''] = url.split('?');
    const allowed = this.methods.of(path);
    return allowed.length === 0 ? undefined : [...allowed, 'OPTIONS'].join(', ');
  }
}
