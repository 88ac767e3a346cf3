import { createHash } from 'node:crypto';
import type { BulkOperationDetail } from '../client/bulk-operations';
import type { EscalatedExecution } from '../shared/escalations';
import { markup, Markup } from '../shared/markup';
import { executionPage } from '../shared/public-links';

/** How often a page that shows an operation under way is loaded again. Seconds. */
const RELOAD_S = 2;

const STYLE = `
:root { color-scheme: light dark; --line: #d4d4d8; --muted: #52525b; --accent: #1d4ed8; --on-accent: #fff }
@media (prefers-color-scheme: dark) { :root { --line: #3f3f46; --muted: #a1a1aa; --accent: #93b4ff; --on-accent: #111827 } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 0 auto; padding: 2rem 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.4rem; line-height: 1.3 }
ul { list-style: none; padding: 0; border-top: 1px solid var(--line) }
li { padding: .6rem 0; border-bottom: 1px solid var(--line) }
a { color: var(--accent) }
small, .muted { color: var(--muted) }
button { font: inherit; font-weight: 600; padding: .6rem 1.2rem; border: 0; border-radius: .4rem; background: var(--accent); color: var(--on-accent); cursor: pointer }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
progress { width: 100%; accent-color: var(--accent) }
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Of each answer: no script, nothing from elsewhere, in no other page, and its address, which is a key, goes nowhere. */
export const RETRY_PAGE_HEADERS = {
  'content-security-policy':
    `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; ` +
    "frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
};

/** What a person decides upon. */
export interface Confirmation {
  ruleName: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** Executions that the mail told of, that were restarted before, and that would be restarted. */
  counts: { total: number; restarted: number; open: number };
  /** The first of them. */
  sample: readonly EscalatedExecution[];
}

/** Asks whether what a mail told of is to be restarted. */
export function confirmationPage({ ruleName, expiresAt, counts, sample }: Confirmation): string {
  const { total, restarted, open } = counts;
  const left = Math.max(0, total - restarted - open);
  return page(
    'Retry failed webhook requests',
    markup`<p>Rule <strong>${ruleName}</strong></p>
<p>${total === 1 ? 'The e-mail told of 1 execution.' : `The e-mail told of ${total} executions.`}
${restarted === 0 ? '' : `${restarted} of them ${restarted === 1 ? 'was' : 'were'} restarted before, and not again.`}
${left === 0 ? '' : `${left} cannot be restarted now: not ended yet, or not on record any more.`}</p>
${open === 0 ? markup`<p><strong>There is nothing to restart.</strong></p>` : question(open)}
<ul>${sample.map(itemOf)}</ul>
${total > sample.length ? markup`<p class="muted">… and ${total - sample.length} more.</p>` : ''}
<p><small>This link works until ${minute(new Date(expiresAt).toISOString())}, for whoever has it.</small></p>`,
  );
}

function question(open: number): Markup {
  const which = open === 1 ? '1 execution' : `${open} executions`;
  return markup`<p><strong>${which} would be restarted</strong>, from the step that failed, as the rule is now. Steps that were delivered are not called again.</p>
<form method="post"><button type="submit">Restart ${which}</button></form>`;
}

function itemOf({ executionId, at, domain, origin, error }: EscalatedExecution): Markup {
  // Relative: the service may stand below some path.
  return markup`<li><a href="${executionPage('..', executionId)}">${minute(at)}</a> ${domain ?? ''}<br><small>${origin} · ${error}</small></li>`;
}

/** How far the restart is. */
export function progressPage(ruleName: string, { status, progress }: BulkOperationDetail): string {
  const isRunning = status === 'running';
  return page(
    headingOf({ status, progress }),
    markup`<p>Rule <strong>${ruleName}</strong></p>
${progress === null ? withoutProgress(isRunning) : numbersOf(progress)}
<p class="muted">${isRunning ? 'This page shows how it goes on. It may be closed.' : 'Each execution is delivered, retried and, if it fails again, told of as any other.'}</p>`,
    isRunning,
  );
}

function headingOf({ status, progress }: Pick<BulkOperationDetail, 'status' | 'progress'>): string {
  if (status === 'running') return 'Restarting …';
  if (status === 'failed') return 'The restart broke off';
  return progress?.cancelled ? 'The restart was stopped' : 'Restarted';
}

function withoutProgress(isRunning: boolean): Markup {
  return isRunning
    ? markup`<p>It has begun, or waits for a worker.</p>`
    : markup`<p>Whoever runs this service can see why: it is a bulk operation.</p>`;
}

function numbersOf({ done, selected, refused }: NonNullable<BulkOperationDetail['progress']>): Markup {
  const reasons = Object.entries(refused).map(
    ([reason, count]) => markup`<li>${count} not restarted: ${reason}</li>`,
  );
  return markup`<p><strong>${done}</strong> of ${selected} restarted</p>
<p><progress max="${Math.max(1, selected)}" value="${done}"></progress></p>
${reasons.length === 0 ? '' : markup`<ul>${reasons}</ul>`}`;
}

/** Says why there is nothing else to see. */
export function problemPage(message: string): string {
  return page('This did not work', markup`<p>${message}</p>`);
}

function page(title: string, content: Markup, reloads = false): string {
  const reload = reloads ? markup`<meta http-equiv="refresh" content="${RELOAD_S}">` : '';
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
${reload}
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.html;
}

/** 2026-01-05 08:10 UTC. @param time ISO 8601, UTC */
function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}
