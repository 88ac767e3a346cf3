import { executionQuery } from '../../../src/client/execution-query';

it('an execution of the default workspace may be from before there were workspaces', () => {
  expect(executionQuery({ workspace: 'default' })).toBe(
    "WorkflowType = 'executeRule' AND (RuleWorkspace = 'default' OR RuleWorkspace IS NULL)",
  );
});

it('an execution of another workspace is marked as that', () => {
  expect(executionQuery({ workspace: 'acme' })).toBe(
    "WorkflowType = 'executeRule' AND RuleWorkspace = 'acme'",
  );
});

it('all that is asked for must hold', () => {
  const query = executionQuery({
    workspace: 'acme',
    ruleId: 'watch',
    domain: 'example.com',
    status: 'escalated',
    eventId: 'evt_1',
    eventType: 'grade_drop',
    test: false,
    startedFrom: '2026-07-10T00:00:00Z',
    startedBefore: '2026-07-11T00:00:00Z',
  });
  expect(query.split(' AND ').slice(2)).toEqual([
    "RuleId = 'watch'",
    "RuleDomain = 'example.com'",
    "RuleEventId = 'evt_1'",
    "RuleEventType = 'grade_drop'",
    "ExecutionStatus = 'Completed'",
    "RuleStatus = 'escalated'",
    '(RuleTest IS NULL OR RuleTest = false)',
    "StartTime >= '2026-07-10T00:00:00Z'",
    "StartTime < '2026-07-11T00:00:00Z'",
  ]);
});

it('no text ends the quotes that it stands in', () => {
  expect(executionQuery({ workspace: 'acme', ruleId: `a' OR RuleId != 'a\\` })).toContain(
    `RuleId = 'a%27 OR RuleId != %27a%5c'`,
  );
});
