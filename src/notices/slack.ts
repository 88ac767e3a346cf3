import type { NoticeWords } from './words';

/** Slack's limits. Characters, of which an escaped one counts as several. */
const MAX_HEADER = 150;
const MAX_SECTION = 3_000;

/** What notifications show. */
const MAX_TEXT = 1_000;

/** All that is listed, so that the whole message stays below 10,000 characters. */
const MAX_LIST = 2_800;

/**
 * A message for an incoming webhook of Slack, by Block Kit. What comes from outside stands in plain text or in code, where
 * nothing is formatted, linked or called out (`<!channel>`).
 */
export function slackMessage({ title, text, facts, items, more, link }: NoticeWords): object {
  const lines = [text, ...facts.map(({ name, value }) => `${name}: ${value}`)];
  const listed = listOf(items, more);
  return {
    // For notifications, and clients without blocks.
    text: escaped(`${title}: ${text}`, MAX_TEXT),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plain(title, MAX_HEADER) },
      { type: 'section', text: plain(lines.join('\n'), MAX_SECTION) },
      ...(listed === '' ? [] : [section(listed)]),
      ...(link === undefined ? [] : [section(linkTo(link.url, link.label))]),
    ],
  };
}

/** As many as there is room for; how many are left out is said. */
function listOf(items: NoticeWords['items'], more: number): string {
  const lines = items.map(({ label, text, url }) => `${linkTo(url, label)} ${code(text)}`);
  const shown: string[] = [];
  let room = MAX_LIST;
  for (const line of lines) {
    room -= line.length + 1;
    if (room < 0) break;
    shown.push(line);
  }
  const left = items.length - shown.length + more;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join('\n');
}

function section(mrkdwn: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text: mrkdwn, verbatim: true } };
}

function plain(text: string, maxLength: number): object {
  return { type: 'plain_text', text: escaped(text, maxLength), emoji: false };
}

function linkTo(url: string, label: string): string {
  return `<${escaped(url, MAX_SECTION).replaceAll('|', '%7C')}|${escaped(label, MAX_HEADER).replaceAll('|', ' ')}>`;
}

function code(text: string): string {
  return `\`${escaped(text.replaceAll('`', "'"), MAX_SECTION)}\``;
}

/** @param maxLength of the result: what is longer ends in "…", never amid an escaped character */
function escaped(text: string, maxLength: number): string {
  let result = '';
  for (const character of text) {
    const next = ESCAPES[character] ?? character;
    if (result.length + next.length >= maxLength) return `${result}…`;
    result += next;
  }
  return result;
}

/** What Slack reads as control characters. */
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
