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

it('any of several statuses will do', () => {
  expect(executionQuery({ workspace: 'acme', statuses: ['held', 'failed'] })).toContain(
    "AND ((ExecutionStatus = 'Running' AND RuleStatus = 'held') OR ((ExecutionStatus = 'Failed' OR ExecutionStatus = 'TimedOut')))",
  );
});

describe('what somebody looks for', () => {
  const ids = (text: string) => `RuleEventId = '${text}' OR RuleId = '${text}'`;
  const uuid = '3f74765e-0c5e-5d51-a0f8-111111111111';
  const url = 'https://hooks.example.com:8443/in?key=1';
  const origin = 'https://hooks.example.com:8443';

  it.each([
    ['a rule, an event or the beginning of a domain', 'Watch', `RuleDomain STARTS_WITH 'watch'`],
    ['a domain', 'пример.com', `RuleDomain STARTS_WITH 'пример.com'`],
    ['an execution', uuid, `WorkflowId = 'rule-execution/${uuid}' OR RuleDomain STARTS_WITH '${uuid}'`],
    ['a URL', url, `RuleDestination = '${origin}' OR RuleDestinations = '${origin}'`],
  ])('may be %s', (_what, text, others) => {
    expect(executionQuery({ workspace: 'acme', search: text })).toBe(
      `WorkflowType = 'executeRule' AND RuleWorkspace = 'acme' AND (${ids(text)} OR ${others})`,
    );
  });

  it.each(['two words', 'mailto:ada@example.com', 'a/b'])('may be an id alone: %s', (text) => {
    expect(executionQuery({ workspace: 'acme', search: text })).toBe(
      `WorkflowType = 'executeRule' AND RuleWorkspace = 'acme' AND (${ids(text)})`,
    );
  });

  it('does not widen what else must hold', () => {
    expect(executionQuery({ workspace: 'acme', ruleId: 'watch', search: `x' OR RuleId != '` })).toBe(
      "WorkflowType = 'executeRule' AND RuleWorkspace = 'acme' AND RuleId = 'watch' AND " +
        "(RuleEventId = 'x%27 OR RuleId != %27' OR RuleId = 'x%27 OR RuleId != %27')",
    );
  });
});

it('no text ends the quotes that it stands in', () => {
  expect(executionQuery({ workspace: 'acme', ruleId: `a' OR RuleId != 'a\\` })).toContain(
    `RuleId = 'a%27 OR RuleId != %27a%5c'`,
  );
});

it('executions are found by their ids', () => {
  expect(executionQuery({ workspace: 'acme', executionIds: ['a', "b' OR '"] })).toContain(
    "WorkflowId IN ('rule-execution/a', 'rule-execution/b%27 OR %27')",
  );
});
