import { z } from 'zod';
import type { ApiApp } from '../app';
import { workspaceOf } from '../auth';
import { notFound, problems } from '../problem';
import { acceptedAnswer, acceptedEvent, event, locationOf } from '../schemas/event';
import { byId } from '../schemas/ids';
import type { ApiDependencies } from '../server';
import { sampleEvent } from '../../rules/sample-event';

const explanation = z
  .object({
    matches: z.boolean(),
    reason: z.string(),
    trigger: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'What the receiver would be told about why it is called.' }),
  })
  .meta({ id: 'Explanation', description: 'Whether an event would match a rule, and why or why not.' });

/** Trying a rule: with a real execution, or by asking whether it would match. */
export function ruleTrialRoutes(app: ApiApp, { store: { rules }, intake, index }: ApiDependencies): void {
  app.post(
    '/v1/rules/:id/test',
    {
      config: { access: 'write', traced: true },
      schema: {
        operationId: 'testRule',
        tags: ['Rules'],
        summary: 'Run a rule once, as a test',
        description:
          'A real execution of this rule alone, marked as a test: its webhooks are called. The body is the event that ' +
          'it runs with; without one, an event is made up that the rule would fire for.',
        params: byId,
        body: event.nullish(),
        response: { 202: acceptedEvent, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const found = await rules.get(workspaceOf(request), id);
      if (found === undefined) throw notFound('rule');
      const given = request.body ?? sampleEvent(found.rule);
      const trial = { ...given, trial: { rule_id: id } };
      const { traceparent } = request.span ?? {};
      const accepted = await intake.accept(workspaceOf(request), trial, { traceparent });
      return reply.code(202).header('location', locationOf(trial, accepted)).send(acceptedAnswer(accepted));
    },
  );

  app.post(
    '/v1/rules/:id/explain',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'explainRule',
        tags: ['Rules'],
        summary: 'Tell whether an event would match a rule, and why or why not',
        description: 'Starts nothing.',
        params: byId,
        body: event,
        response: { 200: explanation, ...problems(404) },
      },
    },
    async (request) => {
      const rulesNow = await index();
      const found = rulesNow.explain(workspaceOf(request), request.params.id, request.body);
      if (found === undefined) throw notFound('rule');
      return {
        matches: found.matches,
        reason: found.reason,
        ...(found.matches && { trigger: found.trigger }),
      };
    },
  );
}
