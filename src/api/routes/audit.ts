import { z } from 'zod';
import type { ApiApp } from '../app';
import { workspaceOf } from '../auth';
import { numberCursor, pageFrom, pageOf, pageQuery } from '../page';
import type { ApiDependencies } from '../server';
import { idParam } from '../schemas/ids';
import type { AuditEntry } from '../../store/audit-store';

/** As the store has times: UTC, milliseconds. */
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());

const entry = z
  .object({
    id: z.int(),
    at: z.iso.datetime(),
    actor: z.string().meta({
      description:
        '`key/<id>`; `mail-link/<notice>` for a link in an e-mail; `start` or `delivery` for what the program does by itself.',
    }),
    action: z.string().meta({ description: 'E.g. `rule.updated`.' }),
    subject: z.object({ type: z.string(), id: z.string() }),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry', description: 'Who changed what, and when.' });

export function auditRoutes(app: ApiApp, { store: { audit } }: ApiDependencies): void {
  app.get(
    '/v1/audit',
    {
      config: { access: 'administer' },
      schema: {
        operationId: 'listAudit',
        tags: ['Audit'],
        summary: 'List who changed what, newest first',
        querystring: z.strictObject({
          ...pageQuery,
          cursor: numberCursor,
          actor: idParam.optional().meta({ description: 'Who: `key/<id>`, `start` or `delivery`.' }),
          action: idParam.optional().meta({ description: 'E.g. `rule.updated`.' }),
          subject_type: idParam.optional().meta({ description: 'E.g. `rule`.' }),
          subject_id: idParam.optional(),
          from: time.optional().meta({ description: 'Then or later.' }),
          to: time.optional().meta({ description: 'Before then.' }),
        }),
        response: { 200: pageOf(entry) },
      },
    },
    async (request) => {
      const { limit, cursor, subject_type, subject_id, ...filter } = request.query;
      const subject = { subjectType: subject_type, subjectId: subject_id };
      const rows = await audit.list(workspaceOf(request), {
        ...filter,
        ...subject,
        before: cursor,
        limit: limit + 1,
      });
      return pageFrom(rows, limit, ({ id }) => id, answerOf);
    },
  );
}

function answerOf({ id, at, actor, action, subject, details }: AuditEntry): z.input<typeof entry> {
  return { id, at, actor, action, subject, details };
}
