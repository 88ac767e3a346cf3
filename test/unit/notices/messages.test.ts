import fc from 'fast-check';
import type { NoticeFacts } from '../../../src/notices/facts';
import { slackMessage } from '../../../src/notices/slack';
import { teamsMessage } from '../../../src/notices/teams';
import { webhookMessage } from '../../../src/notices/webhook';
import { wordsOf } from '../../../src/notices/words';
import type { EscalatedExecution } from '../../../src/shared/escalations';

const PUBLIC_URL = 'https://rules.example.com';
const ID = '6f1c1a52-6f0e-5f6e-9a59-5a4f6a1c2b3d';

function escalated(changed: Partial<EscalatedExecution> = {}): EscalatedExecution {
  return {
    executionId: ID,
    ruleId: 'watch',
    ruleName: 'Score watch',
    domain: 'example.com',
    origin: 'https://hooks.example.com',
    url: 'https://hooks.example.com/x',
    error: '503 Service Unavailable',
    at: '2026-01-05T08:00:00.000Z',
    ...changed,
  };
}

const alone = (changed: Partial<EscalatedExecution> = {}): NoticeFacts => ({
  type: 'escalation.created',
  workspace: 'default',
  escalated: escalated(changed),
});
const gathered = (count: number, total = count, changed: Partial<EscalatedExecution> = {}): NoticeFacts => ({
  type: 'escalations.gathered',
  workspace: 'default',
  rule: { id: 'watch', name: changed.ruleName ?? 'Score watch' },
  total,
  escalated: Array.from({ length: count }, () => escalated(changed)),
});
const disabled: NoticeFacts = {
  type: 'destination.disabled',
  workspace: 'default',
  origin: 'https://hooks.example.com',
  reason: 'it answered 410 Gone',
  failingSince: '2026-01-05T08:00:00.000Z',
  disabledAt: '2026-01-05T08:00:01.000Z',
};
const recovered: NoticeFacts = {
  type: 'destination.recovered',
  workspace: 'default',
  origin: 'https://hooks.example.com',
  failingSince: '2026-01-05T08:00:00.000Z',
  recoveredAt: '2026-01-06T08:00:00.000Z',
};
const test: NoticeFacts = {
  type: 'channel.test',
  workspace: 'default',
  channelId: 'ops',
  at: '2026-01-05T08:00:00.000Z',
};

interface SlackMessage {
  text: string;
  blocks: { type: string; text: { type: string; text: string } }[];
}
const slack = (facts: NoticeFacts) => slackMessage(wordsOf(facts, PUBLIC_URL)) as SlackMessage;

interface Run {
  type: string;
  text: string;
  selectAction?: { url: string };
}
interface Card {
  type: string;
  version: string;
  body: { type: string; inlines: Run[] }[];
  actions?: { type: string; url: string }[];
}
const cardOf = (facts: NoticeFacts) => {
  const message = teamsMessage(wordsOf(facts, PUBLIC_URL)) as { attachments: { content: Card }[] };
  const [attachment] = message.attachments;
  if (attachment === undefined) throw new Error('the message has no card');
  return attachment.content;
};
const linesOf = ({ body }: Card) => body.map(({ inlines }) => inlines.map(({ text }) => text).join(''));

/** Texts of the kind that receivers and rule names bring along. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3_000 }),
  fc
    .array(
      fc.constantFrom(
        '<!channel>',
        '&',
        '<',
        '>',
        '|',
        '`',
        '*',
        '_',
        '[x](https://evil.example)',
        '\n',
        '…',
        '👩‍👩‍👧',
        '\ud800',
      ),
      {
        maxLength: 400,
      },
    )
    .map((parts) => parts.join('')),
);
const hostileFacts = fc
  .record({
    ruleName: hostile,
    url: hostile,
    error: hostile,
    domain: fc.option(hostile),
    count: fc.integer({ min: 1, max: 100 }),
  })
  .chain(({ count, ...changed }) => fc.constantFrom(alone(changed), gathered(count, count + 7, changed)));

describe('the message to Slack', () => {
  it('tells of an escalation, with a link to it', () => {
    expect(slack(alone())).toEqual({
      text: 'Failed webhook request: A webhook request of the rule Score watch has failed for good.',
      unfurl_links: false,
      unfurl_media: false,
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'Failed webhook request', emoji: false } },
        {
          type: 'section',
          text: {
            type: 'plain_text',
            text: [
              'A webhook request of the rule Score watch has failed for good.',
              'Domain: example.com',
              'Webhook URL: https://hooks.example.com/x',
              'HTTP error: 503 Service Unavailable',
              'Failed at: 2026-01-05T08:00:00.000Z',
            ].join('\n'),
            emoji: false,
          },
        },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: `<${PUBLIC_URL}/executions/${ID}|Open the execution>`,
            verbatim: true,
          },
        },
      ],
    });
  });

  it('lists gathered escalations, and says how many it leaves out', () => {
    const list = slack(gathered(100, 250)).blocks[2]?.text.text ?? '';
    const lines = list.split('\n');
    expect(lines[0]).toBe(
      `<${PUBLIC_URL}/executions/${ID}|2026-01-05T08:00:00.000Z> \`example.com: 503 Service Unavailable\``,
    );
    expect(lines.at(-1)).toBe(`and ${250 - (lines.length - 1)} more`);
  });

  it('calls nobody and formats nothing, whatever stands in a name', () => {
    const { text, blocks } = slack(alone({ ruleName: '<!channel> *R&D*' }));
    expect(text).toContain('the rule &lt;!channel&gt; *R&amp;D* has');
    expect(blocks[1]?.text).toMatchObject({ type: 'plain_text' });
  });

  it('keeps what comes from outside within code where links stand', () => {
    const list = slack(gathered(1, 1, { error: '`<!here>` *x*', domain: null })).blocks[2]?.text.text;
    expect(list).toContain("`'&lt;!here&gt;' *x*`");
  });

  it('never is more than Slack takes, cuts no escape in two, and leaves no control character', () => {
    fc.assert(
      fc.property(hostileFacts, (facts) => {
        const message = slack(facts);
        const texts = message.blocks.map(({ text }) => text.text);
        expect(texts[0]?.length).toBeLessThanOrEqual(150);
        expect(texts.every(({ length }) => length > 0 && length <= 3_000)).toBe(true);
        expect(JSON.stringify(message).length).toBeLessThanOrEqual(10_000);
        const ours = /<https:\/\/rules\.example\.com\/executions\/[^|<>]+\|[^|<>]+>/g;
        for (const text of [...texts, message.text]) {
          expect(text.replaceAll(ours, '')).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        }
      }),
    );
  });
});

describe('the message to Teams', () => {
  it('is an Adaptive Card 1.4 in the envelope that Workflows take', () => {
    expect(teamsMessage(wordsOf(test, PUBLIC_URL))).toEqual({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            body: [
              {
                type: 'RichTextBlock',
                inlines: [{ type: 'TextRun', text: 'Test message', size: 'large', weight: 'bolder' }],
              },
              {
                type: 'RichTextBlock',
                inlines: [{ type: 'TextRun', text: 'The channel ops of the workspace default works.' }],
              },
            ],
          },
        },
      ],
    });
  });

  it('tells of an escalation, with a link to it', () => {
    const card = cardOf(alone());
    expect(linesOf(card).slice(1)).toEqual([
      'A webhook request of the rule Score watch has failed for good.',
      'Domain: example.com',
      'Webhook URL: https://hooks.example.com/x',
      'HTTP error: 503 Service Unavailable',
      'Failed at: 2026-01-05T08:00:00.000Z',
    ]);
    expect(card.actions).toEqual([
      { type: 'Action.OpenUrl', title: 'Open the execution', url: `${PUBLIC_URL}/executions/${ID}` },
    ]);
  });

  it('lists as many gathered escalations as there is room for, and says how many are left out', () => {
    const card = cardOf(gathered(100, 250));
    const lines = linesOf(card);
    expect(card.body[2]?.inlines[0]?.selectAction?.url).toBe(`${PUBLIC_URL}/executions/${ID}`);
    expect(lines.at(-1)).toBe(`and ${250 - (lines.length - 3)} more`);
  });

  it('never is more than 20,000 bytes, and has no element in which Markdown is read', () => {
    fc.assert(
      fc.property(hostileFacts, (facts) => {
        const text = JSON.stringify(teamsMessage(wordsOf(facts, PUBLIC_URL)));
        expect(Buffer.byteLength(text)).toBeLessThan(20_000);
        expect(new Set(cardOf(facts).body.map(({ type }) => type))).toEqual(new Set(['RichTextBlock']));
      }),
    );
  });
});

describe('the message to a webhook', () => {
  it.each<[NoticeFacts, object]>([
    [
      alone(),
      {
        type: 'escalation.created',
        timestamp: '2026-01-05T08:00:00.000Z',
        data: {
          workspace: 'default',
          rule: { id: 'watch', name: 'Score watch' },
          execution: {
            execution_id: ID,
            domain: 'example.com',
            webhook_url: 'https://hooks.example.com/x',
            error: '503 Service Unavailable',
            failed_at: '2026-01-05T08:00:00.000Z',
            page: `${PUBLIC_URL}/executions/${ID}`,
          },
        },
      },
    ],
    [
      disabled,
      {
        type: 'destination.disabled',
        timestamp: '2026-01-05T08:00:01.000Z',
        data: {
          workspace: 'default',
          origin: 'https://hooks.example.com',
          reason: 'it answered 410 Gone',
          failing_since: '2026-01-05T08:00:00.000Z',
        },
      },
    ],
    [
      recovered,
      {
        type: 'destination.recovered',
        timestamp: '2026-01-06T08:00:00.000Z',
        data: {
          workspace: 'default',
          origin: 'https://hooks.example.com',
          failing_since: '2026-01-05T08:00:00.000Z',
          recovered_at: '2026-01-06T08:00:00.000Z',
        },
      },
    ],
    [
      test,
      {
        type: 'channel.test',
        timestamp: '2026-01-05T08:00:00.000Z',
        data: { workspace: 'default', channel: 'ops' },
      },
    ],
  ])('says what happened: $type', (facts, message) => {
    expect(webhookMessage(facts, PUBLIC_URL)).toEqual(message);
  });

  it('lists gathered escalations, and says how many there are', () => {
    expect(webhookMessage(gathered(2, 5), PUBLIC_URL)).toMatchObject({
      type: 'escalations.gathered',
      data: { rule: { id: 'watch' }, total: 5, executions: [{ execution_id: ID }, { execution_id: ID }] },
    });
  });
});
