import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { logProblem } from '../answers';
import type { ApiApp } from '../app';
import { workspaceOf } from '../auth';
import { mapBounded } from '../../shared/map-bounded';
import { invalid, problemSchema, RequestProblem } from '../problem';
import { problemOf } from '../problem-of';
import { acceptedAnswer, acceptedEvent, eventInBatch } from '../schemas/event';
import type { ApiDependencies } from '../server';
import type { EventIntake } from '../../ingest/event-intake';
import { eventSchema } from '../../rules/event';
import { problemsOf } from '../../rules/problems';
import { MAX_EVENT_BYTES } from '../../shared/limits';

const MAX_EVENTS = 500;

/** Bytes. */
const MAX_BATCH_BYTES = 5 * 1_048_576;

/** Events of one batch that are being accepted at the same moment. */
const CONCURRENCY = 20;

const result = z.union([
  z.object({ index: z.int(), status: z.literal(202), ...acceptedEvent.shape }),
  z.object({ index: z.int(), status: z.int().min(400), problem: problemSchema }),
]);
type Result = z.input<typeof result>;

export function eventBatchRoutes(app: ApiApp, { intake }: ApiDependencies): void {
  app.post(
    '/v1/events/batch',
    {
      config: { access: 'send', traced: true },
      bodyLimit: MAX_BATCH_BYTES,
      schema: {
        operationId: 'postEvents',
        tags: ['Events'],
        summary: 'Post many events',
        description:
          'Each is accepted or refused by itself: `results` has the status of each, in their order. ' +
          '503 when none could be taken because a part of the service is away.',
        body: z.strictObject({ events: z.array(eventInBatch).min(1).max(MAX_EVENTS) }),
        response: { 200: z.object({ results: z.array(result) }) },
      },
    },
    async (request) => {
      const outcomes = await mapBounded(request.body.events, CONCURRENCY, (event) =>
        outcomeOf(intake, request, event),
      );
      const away = outcomes.filter((outcome) => outcome instanceof RequestProblem && outcome.status === 503);
      const [first] = away;
      if (first instanceof RequestProblem && away.length === outcomes.length) throw first;
      return { results: outcomes.map((outcome, index) => resultOf(outcome, index, request)) };
    },
  );
}

type Outcome = Awaited<ReturnType<EventIntake['accept']>> | RequestProblem;

async function outcomeOf(intake: EventIntake, request: FastifyRequest, given: unknown): Promise<Outcome> {
  try {
    if (Buffer.byteLength(JSON.stringify(given)) > MAX_EVENT_BYTES) {
      return new RequestProblem('too-large', `The event is larger than ${MAX_EVENT_BYTES} bytes.`);
    }
    const event = eventSchema.safeParse(given);
    if (!event.success) return invalid('The event', problemsOf(event.error));
    return await intake.accept(workspaceOf(request), event.data, { traceparent: request.span?.traceparent });
  } catch (error) {
    const problem = problemOf(error);
    // What is away is said once, of the whole batch; what nobody foresaw would be told nowhere else.
    if (problem.status === 500) logProblem(problem, error, request);
    return problem;
  }
}

function resultOf(outcome: Outcome, index: number, { id }: Pick<FastifyRequest, 'id'>): Result {
  return outcome instanceof RequestProblem
    ? { index, status: outcome.status, problem: outcome.body(id) }
    : { index, status: 202, ...acceptedAnswer(outcome) };
}
