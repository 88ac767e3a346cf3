import fc from 'fast-check';
import { escalationMail } from '../../../src/mail/escalation-mail';

const failed = {
  workspace: 'acme',
  executionId: '6f1c1a52-6f0e-5f6e-9a59-5a4f6a1c2b3d',
  ruleName: 'Page the on-call engineer',
  url: 'https://hooks.example.com/grade-drop',
  error: '503 Service Unavailable',
  to: { name: 'Ada', address: 'ada@example.com' },
  from: 'Rule Builder <rules@example.org>',
  pages: {
    execution: 'https://rules.example.org/executions/6f1c',
    retry: 'https://rules.example.org/retry/token.mac',
  },
};

const LINES = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

describe('the words', () => {
  it('has the subject of the contract', () => {
    expect(escalationMail(failed).subject).toBe('[Action Required] Failed Webhook Request');
  });

  it('has the text of the contract, with the rule, the URL and the error filled in', () => {
    const contract = [
      "Your webhook requests for the Rule Page the on-call engineer have failed due to a network or destination server issue. We'll try again the next time a rule is triggered.",
      '',
      'Please try one of the following:',
      '',
      '* Edit the Rule to have the web request sent to a different URL',
      '* Check your service internally or credentials for service availability',
      '',
      'Details:',
      '',
      'Failed Rule: Page the on-call engineer',
      'Webhook URL: https://hooks.example.com/grade-drop',
      'HTTP error: 503 Service Unavailable',
      '',
    ].join('\n');
    expect(escalationMail(failed).text.slice(0, contract.length)).toBe(contract);
  });

  it('is followed by the links, and nothing else', () => {
    const [, after] = escalationMail(failed).text.split('HTTP error: 503 Service Unavailable\n');

    expect(after).toBe(`
See what was sent and answered: https://rules.example.org/executions/6f1c
Retry it (a page asks first): https://rules.example.org/retry/token.mac
`);
  });

  it('says to mail programs that no person wrote it, and of which workspace it is', () => {
    expect(escalationMail(failed).headers).toEqual({
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'OOF, AutoReply',
      'List-Id': 'Rule Webhooks escalations <escalations.acme.example.org>',
    });
  });
});

describe('the Message-ID', () => {
  it('is made of the execution and the domain of the sender', () => {
    expect(escalationMail(failed).messageId).toBe(
      '<rule-execution.6f1c1a52-6f0e-5f6e-9a59-5a4f6a1c2b3d@example.org>',
    );
  });

  it('stays the same when the rule was renamed and its URL changed between two attempts to send', () => {
    const again = escalationMail({
      ...failed,
      ruleName: 'Renamed',
      url: 'https://new.example.com',
      error: 'ECONNRESET',
    });

    expect(again.messageId).toBe(escalationMail(failed).messageId);
  });

  it('is another one for another execution', () => {
    const other = escalationMail({ ...failed, executionId: '11111111-6f0e-5f6e-9a59-5a4f6a1c2b3d' });

    expect(other.messageId).not.toBe(escalationMail(failed).messageId);
  });

  it('is ASCII where the domain of the sender is not', () => {
    const { messageId } = escalationMail({ ...failed, from: 'rules@bücher.example' });

    expect(messageId).toBe('<rule-execution.6f1c1a52-6f0e-5f6e-9a59-5a4f6a1c2b3d@xn--bcher-kva.example>');
  });

  it.each([
    '',
    '../../etc/cron.d/x',
    'a b',
    'a\r\nBcc: victim@example.com',
    'a>',
    '.hidden',
    'x'.repeat(129),
  ])('refuses the execution id %j', (executionId) => {
    expect(() => escalationMail({ ...failed, executionId })).toThrow('the execution id is not fit');
  });
});

describe('what comes from outside', () => {
  it('adds no line to the text, whatever it holds', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\r', '\n', '\u2028', '\u2029', '\u0085', '\v', '\0', 'a', ' ') }),
    );
    fc.assert(
      fc.property(anything, anything, anything, (ruleName, url, error) => {
        expect(escalationMail({ ...failed, ruleName, url, error }).text.split(LINES)).toHaveLength(16);
      }),
    );
  });

  it('cannot turn the reading direction of a line', () => {
    const { text } = escalationMail({ ...failed, url: 'https://example.com/\u202Egnp.exe' });

    expect(text).toContain('Webhook URL: https://example.com/ gnp.exe\n');
  });

  it('keeps its place when it looks like a replacement pattern', () => {
    const { text } = escalationMail({ ...failed, ruleName: "$& $' $1 <url>" });

    expect(text).toContain("Failed Rule: $& $' $1 <url>\n");
  });

  it.each([
    ['Failed Rule', { ruleName: 'x'.repeat(100_000) }, 200],
    ['Webhook URL', { url: 'x'.repeat(100_000) }, 2_048],
    ['HTTP error', { error: 'x'.repeat(100_000) }, 1_000],
  ])('is cut in the line "%s"', (label, hostile, length) => {
    const { text } = escalationMail({ ...failed, ...hostile });

    expect(text).toContain(`\n${label}: ${'x'.repeat(length - 1)}…\n`);
  });

  it('adds no line to the name of the owner', () => {
    const { to } = escalationMail({
      ...failed,
      to: { name: 'Ada\r\nBcc: v@example.com', address: 'ada@example.com' },
    });

    expect(to).toEqual({ name: 'Ada Bcc: v@example.com', address: 'ada@example.com' });
  });

  it.each([
    'ada@example.com, victim@example.com',
    'ada@example.com>\r\nRCPT TO:<victim@example.com',
    'Ada <ada@example.com>',
    '"ada, victim"@example.com',
    'ada@victim@example.com',
    'ada@[127.0.0.1]',
    'ada@',
    'ada',
    '',
    `${'a'.repeat(250)}@example.com`,
  ])('refuses the owner address %j', (address) => {
    expect(() => escalationMail({ ...failed, to: { address } })).toThrow('is not an e-mail address');
  });
});
