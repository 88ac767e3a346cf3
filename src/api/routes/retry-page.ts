import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { ApiApp } from '../app';
import { logProblem } from '../answers';
import { RequestProblem } from '../problem';
import { problemOf } from '../problem-of';
import { confirmationPage, problemPage, progressPage, RETRY_PAGE_HEADERS } from '../retry-page';
import type { ApiDependencies } from '../server';
import { showBulkOperation } from '../../client/bulk-operations';
import { countRestarted, countSelected } from '../../client/selected-executions';
import { startBulkOperation } from '../../client/start-bulk-operation';
import { inTime } from '../../ingest/in-time';
import { bulkSelection } from '../../shared/bulk-selection';
import type { BulkOperation } from '../../shared/bulk-operation';
import { BULK_SAMPLE, DEFAULT_BULK_RATE } from '../../shared/limits';
import { grantOf, RETRY_LINK, type RetryGrant } from '../../shared/retry-grant';
import type { Change } from '../../store/record';

/** From the step that failed, as `rule-webhooks recover` does. */
const ACTION = 'restart_from_failed';

/** A form without fields. Bytes. */
const MAX_FORM_BYTES = 1_024;

/** The page that a link in a mail opens: it asks before it restarts what the mail told of, and shows how far that is. */
export function retryPageRoutes(app: ApiApp, { client, store }: ApiDependencies): void {
  const { audit, escalations, signedTexts } = store;
  const notices = { client, notices: escalations };

  /** What a link is for. @throws RequestProblem 404 when nobody here made it, 410 when its time is over */
  async function readGrant(
    token: string,
  ): Promise<RetryGrant & { rule: { id: string; name: string }; total: number }> {
    const text = await signedTexts.read(RETRY_LINK, token);
    if (text === undefined) {
      throw new RequestProblem('not-found', 'This link is not known here. Was a part of it lost?');
    }
    const grant = grantOf(text);
    if (grant.expiresAt <= Date.now()) throw new RequestProblem('gone', 'This link has expired.');
    const { rule, total } = await escalations.notice(grant.workspace, grant.noticeId);
    if (rule === undefined) {
      throw new RequestProblem('gone', 'What this link was for is not on record any more.');
    }
    return { ...grant, rule, total };
  }

  const route = {
    config: { access: 'public' },
    schema: { hide: true },
  } as const;
  void app.register(async (scope: ApiApp) => {
    takeEmptyForms(scope);
    scope.addHook('onRequest', async (_request, reply) => {
      reply.headers(RETRY_PAGE_HEADERS);
    });
    scope.setErrorHandler((error, request, reply) => {
      const problem = problemOf(error);
      logProblem(problem, error, request);
      return send(
        reply.code(problem.status).headers(problem.more.headers ?? {}),
        problemPage(problem.message),
      );
    });

    scope.get<{ Params: { token: string } }>('/retry/:token', route, async ({ params }, reply) => {
      const grant = await readGrant(params.token);
      const { workspace, noticeId, rule, total } = grant;
      const id = operationIdOf(grant);
      const operation = await inTime(client, () => showBulkOperation(client, { workspace, id }));
      if (operation !== undefined) return send(reply, progressPage(rule.name, operation));
      const now = new Date().toISOString();
      const selection = { ...bulkSelection(ACTION, filterOf(grant), now), workspace };
      const ended = await inTime(client, () => countSelected(notices, selection));
      const restarted = await inTime(client, () => countRestarted(notices, grant));
      const sample = await escalations.ofNotice(workspace, noticeId, { offset: 0, limit: BULK_SAMPLE });
      const counts = { total, restarted, open: Math.max(0, ended - restarted) };
      return send(
        reply,
        confirmationPage({ ruleName: rule.name, expiresAt: grant.expiresAt, counts, sample }),
      );
    });

    scope.post<{ Params: { token: string } }>(
      '/retry/:token',
      { ...route, bodyLimit: MAX_FORM_BYTES },
      async ({ params, headers }, reply) => {
        const grant = await readGrant(params.token);
        if (!isFromHere(headers)) {
          throw new RequestProblem('forbidden', 'Another page asked for this. Open the link from the mail.');
        }
        const { workspace, noticeId } = grant;
        const id = operationIdOf(grant);
        const before = await inTime(client, () => showBulkOperation(client, { workspace, id }));
        if (before === undefined) {
          const change: Change = { workspace, actor: `mail-link/${noticeId}` };
          const filter = filterOf(grant);
          const details = { action: ACTION, filter: JSON.stringify(filter), by: 'mail link' };
          await audit.record(change, 'bulk_operation.started', { type: 'bulk_operation', id }, details);
          await inTime(client, () =>
            startBulkOperation(client, {
              id,
              workspace,
              action: ACTION,
              filter,
              perSecond: DEFAULT_BULK_RATE,
              requestedBy: change.actor,
            }),
          );
        }
        // Relative, as the service may stand below some path. Loading that page again sends nothing again.
        return reply.redirect(params.token, 303);
      },
    );
  });
}

/** Follows from the notice: pressing twice, or in the same mail that came twice, is one operation. */
function operationIdOf({ noticeId }: RetryGrant): string {
  return `mail-retry-${noticeId}`;
}

function filterOf({ noticeId, rule }: RetryGrant & { rule: { id: string } }): BulkOperation['filter'] {
  return { ruleId: rule.id, status: 'escalated', noticeId };
}

/**
 * Whether a form was sent from a page of this service. The link itself is what proves who may; this only keeps others' pages
 * from pressing the button. The page has no referrer, so browsers say "null" where they name the origin; those that say
 * where a request comes from (all of today, over https) are believed in that.
 */
function isFromHere(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  return origin === undefined || origin === 'null' || origin.replace(/^https?:\/\//, '') === host;
}

/** What a browser sends for a form without fields. Nothing of it is looked at. */
function takeEmptyForms(scope: ApiApp): void {
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, _body, done) => {
      done(null, undefined);
    },
  );
}

function send(reply: FastifyReply, page: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(page);
}
