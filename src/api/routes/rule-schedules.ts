import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf, workspaceOf } from '../auth';
import { invalid, notFound, problems } from '../problem';
import { byId } from '../schemas/ids';
import { backfill, backfillAnswer, scheduleAnswer, scheduleView } from '../schemas/rule-schedule';
import type { ApiDependencies } from '../server';
import { hasSchedule } from '../../client/rule-schedule';
import { RuleSchedules } from '../../client/rule-schedules';
import { viewSchedule } from '../../client/schedule-view';
import { inTime } from '../../ingest/in-time';
import type { ScheduleRule } from '../../rules/rule';
import { countRuns } from '../../rules/schedule';
import { MAX_BACKFILL_RUNS } from '../../shared/limits';

/** What belongs to rules that run by the clock. They are made, changed and paused as all rules are. */
export function ruleScheduleRoutes(app: ApiApp, { store, client }: ApiDependencies): void {
  const schedules = new RuleSchedules(client, store.rules);

  /** @throws RequestProblem 404 */
  const scheduled = async (workspace: string, id: string): Promise<ScheduleRule> => {
    const found = await store.rules.get(workspace, id);
    if (found === undefined) throw notFound('rule');
    if (!hasSchedule(found.rule)) throw notFound('schedule: the rule has none');
    return found.rule;
  };

  app.get(
    '/v1/rules/:id/schedule',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getRuleSchedule',
        tags: ['Rules'],
        summary: 'Tell when a rule runs next, and how it ran',
        params: byId,
        response: { 200: scheduleView, ...problems(404) },
      },
    },
    async (request) => {
      const workspace = workspaceOf(request);
      const rule = await scheduled(workspace, request.params.id);
      return scheduleAnswer(rule, await inTime(client, () => viewSchedule(client, workspace, rule)));
    },
  );

  app.post(
    '/v1/rules/:id/schedule/trigger',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'triggerRuleSchedule',
        tags: ['Rules'],
        summary: 'Run a rule with a schedule now, besides its times',
        description:
          'A real run, for all of its scorecards. Also of a paused rule, whose executions are held then. It shows among ' +
          'the last runs of the schedule when it has begun.',
        params: byId,
        response: { 202: z.object({ rule_id: z.string() }), ...problems(404) },
      },
    },
    async (request, reply) => {
      const change = changeOf(request);
      const { id } = await scheduled(change.workspace, request.params.id);
      await inTime(client, () => schedules.trigger({ workspace: change.workspace, ruleId: id }));
      await store.audit.record(change, 'rule.run', { type: 'rule', id });
      return reply.code(202).send({ rule_id: id });
    },
  );

  app.post(
    '/v1/rules/:id/schedule/backfill',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'backfillRuleSchedule',
        tags: ['Rules'],
        summary: 'Run a rule for times that have passed',
        description:
          `For each time at which it was due from \`from\` on and before \`to\`: at most ${MAX_BACKFILL_RUNS}. What was ` +
          'started for one of them before is not started again. Scorecards are sent as they stand now. With `dry_run`, ' +
          'only counted.',
        params: byId,
        body: backfill,
        response: { 200: backfillAnswer, 202: backfillAnswer, ...problems(404) },
      },
    },
    async (request, reply) => {
      const change = changeOf(request);
      const { overlap, dry_run: isDry } = request.body;
      const [from, to] = [new Date(request.body.from), new Date(request.body.to)];
      const rule = await scheduled(change.workspace, request.params.id);
      assertPast(from, to);
      if (countRuns(rule.schedule, from, to, MAX_BACKFILL_RUNS + 1) > MAX_BACKFILL_RUNS) {
        throw invalid('The backfill', [
          { path: 'to', message: `is more than ${MAX_BACKFILL_RUNS} runs after from` },
        ]);
      }
      const key = { workspace: change.workspace, ruleId: rule.id };
      const due = await inTime(client, () => schedules.dueTimes(key, { from, to }));
      const [first, ...others] = due;
      const answer = {
        count: due.length,
        first: first?.toISOString() ?? null,
        last: due.at(-1)?.toISOString() ?? null,
        dry_run: isDry,
      };
      if (isDry || first === undefined) return reply.code(200).send(answer);
      await inTime(client, () => schedules.backfill(key, [first, ...others], overlap));
      const details = { from: from.toISOString(), to: to.toISOString(), runs: due.length };
      await store.audit.record(change, 'rule.backfilled', { type: 'rule', id: rule.id }, details);
      return reply.code(202).send(answer);
    },
  );
}

/** @throws RequestProblem 422 */
function assertPast(from: Date, to: Date): void {
  if (from >= to) throw invalid('The backfill', [{ path: 'to', message: 'must be after from' }]);
  if (to.getTime() > Date.now()) {
    throw invalid('The backfill', [
      { path: 'to', message: 'must have passed: later runs come by themselves' },
    ]);
  }
}
