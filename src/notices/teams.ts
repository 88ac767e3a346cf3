import type { NoticeWords } from './words';

/** Of the whole message: Teams takes some 28 KB, and escapes more than JSON does. Bytes. */
const MAX_BYTES = 20_000;

/**
 * A message for a webhook of Teams' Workflows: an Adaptive Card 1.4. What comes from outside stands in text runs, in which,
 * unlike in text blocks and fact sets, no Markdown is read.
 */
export function teamsMessage(words: NoticeWords): object {
  for (let count = words.items.length; ; count = Math.floor(count / 2)) {
    const message = messageOf(words, count);
    if (count === 0 || Buffer.byteLength(JSON.stringify(message)) < MAX_BYTES) return message;
  }
}

/** @param count how many items are listed */
function messageOf({ title, text, facts, items, more, link }: NoticeWords, count: number): object {
  const left = items.length - count + more;
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      line({ text: title, size: 'large', weight: 'bolder' }),
      line({ text }),
      ...facts.map(({ name, value }) => line({ text: `${name}: `, weight: 'bolder' }, { text: value })),
      ...items
        .slice(0, count)
        .map((item) => line({ text: item.label, selectAction: openUrl(item) }, { text: ` ${item.text}` })),
      ...(left > 0 ? [line({ text: `and ${left} more` })] : []),
    ],
    ...(link && { actions: [openUrl(link)] }),
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  };
}

function line(...runs: { text: string; [key: string]: unknown }[]): object {
  return { type: 'RichTextBlock', inlines: runs.map((run) => ({ type: 'TextRun', ...run })) };
}

function openUrl({ label, url }: { label: string; url: string }): object {
  return { type: 'Action.OpenUrl', title: label, url };
}
