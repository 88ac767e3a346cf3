import type { ComponentChildren } from 'preact';

/** Longest text that is coloured. Characters: more is shown plain, so that a page stays quick. */
const MAX_COLOURED = 60_000;

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

/** A text as it is, or JSON laid out and coloured. What it holds is text for the page, never markup. */
export function Code({ text, label }: { text: string; label: string }) {
  const json = asJson(text);
  const shown = json ?? text;
  return (
    // Scrolls, so the keyboard must reach it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre class="code" tabIndex={0} role="region" aria-label={label}>
      {json !== undefined && shown.length <= MAX_COLOURED ? coloured(shown) : shown}
    </pre>
  );
}

function asJson(text: string): string | undefined {
  const start = text.trimStart().charAt(0);
  if (start !== '{' && start !== '[') return undefined;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined;
  }
}

function coloured(json: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of json.matchAll(TOKEN)) {
    const [all, string, colon, word, number] = match;
    parts.push(json.slice(end, match.index));
    end = match.index + all.length;
    if (string !== undefined) {
      parts.push(<span class={colon === undefined ? 'code-string' : 'code-key'}>{string}</span>, colon);
    } else {
      parts.push(<span class={word === undefined ? 'code-number' : 'code-word'}>{word ?? number}</span>);
    }
  }
  parts.push(json.slice(end));
  return parts;
}
