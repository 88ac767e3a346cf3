import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf, workspaceOf } from '../auth';
import { changeHeaders, ifItMatches } from '../etag';
import { numberCursor, pageFrom, pageOf, pageQuery } from '../page';
import { notFound, problems } from '../problem';
import { byId } from '../schemas/ids';
import { rule, ruleAnswer, ruleVersion } from '../schemas/rule';
import type { ApiDependencies } from '../server';
import { answerOne } from '../versioned';
import type { RuleVersion } from '../../store/rule-store';

const CHANGES = [
  {
    verb: 'pause',
    summary: 'Pause a rule: what it starts, and has started, is held until it is resumed',
    pausedAt: () => new Date().toISOString(),
  },
  {
    verb: 'resume',
    summary: 'Resume a rule: what is held goes on, at a limited rate',
    pausedAt: () => null,
  },
] as const;

/** Pausing, resuming, and what a rule was before. */
export function ruleStateRoutes(app: ApiApp, { store: { rules }, releaseHeld }: ApiDependencies): void {
  for (const { verb, summary, pausedAt } of CHANGES) {
    app.post(
      `/v1/rules/:id/${verb}`,
      {
        config: { access: 'write' },
        schema: {
          operationId: `${verb}Rule`,
          tags: ['Rules'],
          summary,
          params: byId,
          headers: changeHeaders,
          response: { 200: rule, ...problems(404, 412) },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const changed = await ifItMatches(
          request.headers['if-match'],
          () => rules.get(workspaceOf(request), id),
          (condition) => rules.setPaused(changeOf(request), id, pausedAt(), condition),
        );
        if (verb === 'resume') {
          const { workspace, actor: by } = changeOf(request);
          await releaseHeld({ workspace, by, which: { ruleId: id } });
        }
        return answerOne(reply, changed, 'rule', ruleAnswer);
      },
    );
  }

  app.get(
    '/v1/rules/:id/versions',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listRuleVersions',
        tags: ['Rules'],
        summary: 'List the versions of a rule, newest first',
        description: 'Also of a deleted rule.',
        params: byId,
        querystring: z.strictObject({ ...pageQuery, cursor: numberCursor }),
        response: { 200: pageOf(ruleVersion), ...problems(404) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const page = { before: cursor, limit: limit + 1 };
      const rows = await rules.versions(workspaceOf(request), request.params.id, page);
      // Each rule has a version; a page beyond the first may be empty.
      if (rows.length === 0 && cursor === undefined) throw notFound('rule');
      return pageFrom(rows, limit, ({ version }) => version, versionAnswer);
    },
  );
}

function versionAnswer({
  version,
  action,
  document,
  changedAt,
  changedBy,
}: RuleVersion): z.input<typeof ruleVersion> {
  return { version, action, document, changed_at: changedAt, changed_by: changedBy };
}
