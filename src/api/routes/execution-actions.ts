import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf } from '../auth';
import { notFound, problems, RequestProblem } from '../problem';
import { byId, idParam } from '../schemas/ids';
import { reason } from '../schemas/reason';
import type { ApiDependencies } from '../server';
import { actOnExecution } from '../../client/execution-actions';
import { inTime } from '../../ingest/in-time';
import type { ActionOutcome, ExecutionAction } from '../../shared/execution-actions';
import type { Change } from '../../store/record';

/** What is done to a running execution, without a body. */
const ORDERS = [
  {
    verb: 'retry',
    summary: 'Retry at once: uses up no retry of the schedule',
    description: 'Refused (409) when nothing waits, so also right after another one.',
  },
  {
    verb: 'pause',
    summary: 'Pause: no further call is made until it is resumed',
    description: 'A call that is on its way is made; no schedule ends the pause.',
  },
  {
    verb: 'resume',
    summary: 'Resume after a pause',
    description: 'A retry whose time has passed meanwhile is made at once.',
  },
] as const;

const done = z.object({ execution_id: z.string() });
const retried = done.extend({
  attempt: z.int().meta({ description: 'Which attempt of its step this begins, the first being 1.' }),
});
const restarted = done.extend({ restarted_as: z.string().meta({ description: 'The new execution.' }) });

const restartBody = z
  .strictObject({
    from: z.enum(['failed', 'start']).optional().meta({ description: '`failed` unless told.' }),
    from_step: idParam.optional().meta({
      description:
        'The id of a step: each before it must have been delivered or skipped. It and all after it are called.',
    }),
  })
  .refine(({ from, from_step }) => from === undefined || from_step === undefined, {
    path: ['from_step'],
    message: 'cannot stand beside "from"',
  });

/** What people do to one execution. */
export function executionActionRoutes(app: ApiApp, { client, store, tracer }: ApiDependencies): void {
  const { rulebook, audit } = store;

  /** Acts, after the audit log has it. @throws RequestProblem 404, 409 */
  async function act(
    change: Change,
    executionId: string,
    action: ExecutionAction,
    { reason, fromStep }: { reason?: string | undefined; fromStep?: string | undefined } = {},
  ): Promise<Extract<ActionOutcome, { outcome: 'done' }>> {
    const { workspace, actor: by } = change;
    const details = {
      ...(reason !== undefined && { reason }),
      ...(fromStep !== undefined && { from_step: fromStep }),
    };
    await audit.record(change, `execution.${action}`, { type: 'execution', id: executionId }, details);
    const request = { action, workspace, executionId, by, reason, fromStep };
    const outcome = await inTime(client, () => actOnExecution({ client, rulebook, tracer }, request));
    if (outcome.outcome === 'not-found') throw notFound('execution');
    if (outcome.outcome === 'done') return outcome;
    const { reason: why, restartedAs } = outcome;
    throw new RequestProblem('refused', `${why}${restartedAs === undefined ? '' : `, as ${restartedAs}`}.`);
  }

  for (const { verb, summary, description } of ORDERS) {
    app.post(
      `/v1/executions/:id/${verb}`,
      {
        config: { access: 'write' },
        schema: {
          operationId: `${verb}Execution`,
          tags: ['Executions'],
          summary,
          description,
          params: byId,
          response: { 200: verb === 'retry' ? retried : done, ...problems(404, 409) },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { attempt } = await act(changeOf(request), id, verb);
        return { execution_id: id, ...(attempt !== undefined && { attempt }) };
      },
    );
  }

  app.post(
    '/v1/executions/:id/cancel',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'cancelExecution',
        tags: ['Executions'],
        summary: 'Cancel: no further call is made, and nobody is told',
        description: 'A call that is on its way is waited for.',
        params: byId,
        body: z.strictObject({ reason: reason.optional() }).nullish(),
        response: { 202: done, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await act(changeOf(request), id, 'cancel', { reason: request.body?.reason });
      return reply.code(202).send({ execution_id: id });
    },
  );

  app.post(
    '/v1/executions/:id/restart',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'restartExecution',
        tags: ['Executions'],
        summary: 'Execute again what has ended, as an execution of its own',
        description:
          'From the step that was not delivered, or from one before it, with what the earlier ones answered; or from the ' +
          'start, as the rule is now. Once: then restart the new one.',
        params: byId,
        body: restartBody.nullish(),
        response: { 202: restarted, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { from = 'failed', from_step: fromStep } = request.body ?? {};
      const action = from === 'start' || fromStep !== undefined ? 'restart' : 'restart_from_failed';
      const { restartedAs = '' } = await act(changeOf(request), id, action, { fromStep });
      reply.code(202).header('location', `/v1/executions/${restartedAs}`);
      return reply.send({ execution_id: id, restarted_as: restartedAs });
    },
  );
}
