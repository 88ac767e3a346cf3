import { digestMail } from '../../../src/mail/digest-mail';
import { disabledMail } from '../../../src/mail/disabled-mail';
import { escalationMail } from '../../../src/mail/escalation-mail';
import type { MailMessage } from '../../../src/mail/message';

const HOSTILE = `</style><script>alert(1)</script><img src="https://evil.example/x.png" onerror='x'>&lt;`;

/** The mails, with one text wherever something comes from outside. */
function mailsWith(text: string): [string, MailMessage][] {
  const addresses = { to: { address: 'ada@example.com' }, from: 'Rule Builder <rules@example.org>' };
  const execution = 'https://rules.example.org/executions/6f1c';
  const retry = 'https://rules.example.org/retry/token.mac';
  const failure = { executionId: '6f1c', ruleName: text, url: text, error: text };
  const escalated = {
    ...failure,
    ruleId: 'watch',
    domain: text,
    origin: text,
    at: '2026-01-05T08:10:00.000Z',
  };
  return [
    [
      'escalation',
      escalationMail({ ...addresses, ...failure, workspace: 'acme', pages: { execution, retry } }),
    ],
    [
      'digest',
      digestMail({
        ...addresses,
        workspace: 'acme',
        noticeId: 'a3f1',
        ruleName: text,
        escalated: [escalated],
        retryPage: retry,
        executionPage: () => execution,
      }),
    ],
    [
      'disabling',
      disabledMail({
        ...addresses,
        workspace: 'acme',
        origin: text,
        reason: text,
        failingSince: '2026-01-05T08:10:00.000Z',
        heldPage: 'https://rules.example.org/executions?status=held',
      }),
    ],
  ];
}

/** The words of an HTML page, as a reader of the text part has them. */
function wordsOf(html: string): string {
  const [, body = ''] = html.split('<body');
  const text = body.replace(/^[^>]*>/, '').replace(/<[^>]+>/g, ' ');
  const plain = text.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
  return plain.replace(/\s+/g, ' ').trim();
}

function hrefsOf(html: string): string[] {
  return [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href.replaceAll('&#38;', '&'));
}

describe.each(mailsWith('503 Service Unavailable'))('the HTML part of the %s mail', (_name, message) => {
  it('has links to where the text part leads, and to nowhere else', () => {
    const inText = message.text.match(/https:\/\/rules\S+/g);

    expect(new Set(hrefsOf(message.html))).toEqual(new Set(inText));
  });

  it('has the words of each line of the text part that is no link', () => {
    const words = wordsOf(message.html);
    const lines = message.text.split('\n').filter((line) => !/https:\/\/rules|^ *Execution:/.test(line));

    expect(lines.filter((line) => !words.includes(line.replace(/^\* /, '').trim()))).toEqual([]);
  });

  it('has nothing that a mail program would fetch or run', () => {
    expect(message.html).not.toMatch(
      /<(script|img|link|iframe|object|form|video|svg)|src=|url\(|@import|\son\w+=/i,
    );
  });

  it('leaves light and dark to the mail program', () => {
    expect(message.html).toContain('<meta name="color-scheme" content="light dark">');
  });
});

describe.each(mailsWith(HOSTILE))('what comes from outside, in the %s mail', (name, message) => {
  it('is shown as the text that it is', () => {
    expect(wordsOf(message.html)).toContain(HOSTILE);
  });

  it('adds no element', () => {
    const innocent = mailsWith('503').find(([each]) => each === name)?.[1].html ?? '';
    const tags = (page: string) => page.match(/<[a-z/!][^>]*>/gi);

    expect(tags(message.html)).toEqual(tags(innocent));
  });
});

it.each(mailsWith('503'))(
  'the %s mail is of the list of its workspace, and automatic',
  (_name, { headers }) => {
    expect(headers).toMatchObject({
      'List-Id': 'Rule Webhooks escalations <escalations.acme.example.org>',
      'Auto-Submitted': 'auto-generated',
    });
  },
);
