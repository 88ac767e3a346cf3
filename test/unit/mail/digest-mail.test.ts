import { digestMail } from '../../../src/mail/digest-mail';
import type { EscalatedExecution } from '../../../src/shared/escalations';

const one: EscalatedExecution = {
  executionId: '6f1c1a52-6f0e-5f6e-9a59-5a4f6a1c2b3d',
  ruleId: 'watch',
  ruleName: 'Score watch',
  domain: 'example.com',
  origin: 'https://hooks.example.com',
  url: 'https://hooks.example.com/x',
  error: '503 Service Unavailable',
  at: '2026-01-05T08:10:00.000Z',
};
const digest = (escalated: EscalatedExecution[]) =>
  digestMail({
    workspace: 'acme',
    noticeId: 'a3f1',
    ruleName: 'Score watch',
    escalated,
    to: { name: 'Ada', address: 'ada@example.com' },
    from: 'Rule Builder <rules@example.org>',
    retryPage: 'https://rules.example.org/retry/token.mac',
    executionPage: (id) => `https://rules.example.org/executions/${id}`,
  });
const many = (count: number) =>
  Array.from({ length: count }, (_, nth) => ({ ...one, executionId: `execution-${nth}` }));

it('lists each failure with its time, domain, execution, URL and error', () => {
  expect(digest([one]).text).toContain(
    [
      '2026-01-05T08:10:00.000Z example.com',
      '  Execution: 6f1c1a52-6f0e-5f6e-9a59-5a4f6a1c2b3d',
      '  Webhook URL: https://hooks.example.com/x',
      '  HTTP error: 503 Service Unavailable',
      '  https://rules.example.org/executions/6f1c1a52-6f0e-5f6e-9a59-5a4f6a1c2b3d',
    ].join('\n'),
  );
});

it('says how many there are, and has no file as long as it lists all', () => {
  const { subject, text, attachments } = digest(many(100));

  expect(subject).toBe('[Action Required] 100 Failed Webhook Requests');
  expect(text).toContain('100 further webhook requests for the Rule Score watch failed');
  expect(text).toContain('Execution: execution-99\n');
  expect(attachments).toBeUndefined();
});

it('lists all of a hundred and one in a file', () => {
  const { text, attachments = [] } = digest(many(101));

  expect(text).not.toContain('execution-100');
  expect(attachments[0]?.content.split('\r\n')).toHaveLength(1 + 101 + 1);
  expect(attachments[0]?.content).toContain('"execution-100"');
});

it('offers to retry all of them, by a link and on the command line', () => {
  const { text } = digest(many(2));

  expect(text).toContain(
    '\nRetry all 2 of these (a page asks first): https://rules.example.org/retry/token.mac\n',
  );
  expect(text).toContain(
    '\nOn the command line: rule-webhooks bulk start restart_from_failed --notice a3f1\n',
  );
});

it('has a Message-ID that follows from the notice', () => {
  expect(digest([one]).messageId).toBe('<digest-a3f1@example.org>');
});

it('leaves a spreadsheet no formula to run, and no field to break out of', () => {
  const hostile = { ...one, error: '=HYPERLINK("https://evil.example")' };
  const { attachments = [] } = digest([...many(100), hostile]);

  expect(attachments[0]?.content).toContain(`"'=HYPERLINK(""https://evil.example"")"`);
});

it('lets what comes from outside add no line', () => {
  const { text } = digest([{ ...one, error: '503\n  Execution: forged' }]);

  expect(text).not.toMatch(/^ {2}Execution: forged/m);
});
