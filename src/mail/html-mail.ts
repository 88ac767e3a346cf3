import { markup, Markup } from '../shared/markup';

/**
 * Colours that mail programs of either kind keep: those that know of dark mode get its link colour, the others turn it
 * themselves, as nothing else has a colour of its own.
 */
const STYLE = new Markup(
  ':root { color-scheme: light dark; supported-color-schemes: light dark }' +
    ' @media (prefers-color-scheme: dark) { a { color: #93b4ff !important } }',
);

/**
 * The HTML part of a mail: words and links alone, no script, and nothing that a mail program would have to fetch.
 *
 * @param title of the page, where a mail program shows one
 */
export function htmlMail(title: string, content: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body style="margin:0;padding:16px">
<div style="max-width:640px;margin:0 auto;font:15px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;overflow-wrap:anywhere;word-break:break-word">
${content}
</div>
</body>
</html>
`.html;
}

/** A line of its own that leads somewhere. */
export function link(address: string, text: string): Markup {
  return markup`<p><a href="${address}" style="color:#1d4ed8;font-weight:bold">${text}</a></p>`;
}

/** A value with what it is. The value is never a link: it came from outside. */
export function labelled(label: string, value: string): Markup {
  return markup`<strong>${label}:</strong> ${value}`;
}

/** What both mails about failed executions advise. The words are the contract's. */
export const ADVICE = [
  'Edit the Rule to have the web request sent to a different URL',
  'Check your service internally or credentials for service availability',
] as const;

export const adviceList = markup`<p>Please try one of the following:</p>
<ul>${ADVICE.map((advice) => markup`<li>${advice}</li>`)}</ul>`;
