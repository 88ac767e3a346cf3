import { z } from 'zod';
import type { ApiApp } from '../app';
import { workspaceOf } from '../auth';
import { cursorAt, idAndNumberCursor, pageOf, pageQuery } from '../page';
import { notFound, problems } from '../problem';
import { flag } from '../schemas/flag';
import { byId } from '../schemas/ids';
import type { ApiDependencies } from '../server';
import { rulesOfEvent, type EventRule } from '../../ingest/event-rules';

const eventRule = z
  .object({
    rule: z.object({
      id: z.string(),
      name: z.string().nullable().meta({ description: 'Null: it was deleted since.' }),
    }),
    matched: z.boolean().meta({ description: 'When the event came.' }),
    reason: z.string().meta({ description: 'Why it matched, or why not.' }),
    execution_id: z.string().nullable(),
    rule_version: z.int().nullable().meta({ description: 'The one that matched.' }),
    now: z
      .object({ matches: z.boolean(), reason: z.string() })
      .nullable()
      .meta({ description: 'Whether the rule as it is now would match. Null: it was deleted since.' }),
  })
  .meta({ id: 'EventRule', description: 'What a rule has to do with an event.' });

export function eventRuleRoutes(app: ApiApp, { store, index }: ApiDependencies): void {
  app.get(
    '/v1/events/:id/rules',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listEventRules',
        tags: ['Events'],
        summary: 'List which rules an event matched, which not, and why',
        description:
          'Those that matched when it came, also deleted ones, and those of today that did not. A page before the last ' +
          'may have fewer than `limit`, even none, with `matched=false`.',
        params: byId,
        querystring: z.strictObject({ ...pageQuery, cursor: idAndNumberCursor, matched: flag.optional() }),
        response: { 200: pageOf(eventRule), ...problems(404) },
      },
    },
    async (request) => {
      const workspace = workspaceOf(request);
      const stored = await store.events.get(workspace, request.params.id);
      if (stored === undefined) throw notFound('event');
      const { limit, cursor, matched } = request.query;
      const page = await rulesOfEvent({ store, index }, workspace, stored, { limit, from: cursor, matched });
      return {
        items: page.rules.map(eventRuleAnswer),
        next_cursor: page.next === undefined ? null : cursorAt(page.next),
      };
    },
  );
}

function eventRuleAnswer({ ruleId, name, match, reason, now }: EventRule): z.input<typeof eventRule> {
  return {
    rule: { id: ruleId, name: name ?? null },
    matched: match !== undefined,
    reason,
    execution_id: match?.executionId ?? null,
    rule_version: match?.ruleVersion ?? null,
    now: now ?? null,
  };
}
