import type { Json, JsonObject } from '../../shared/json';
import { isObject, textAt, valueAt } from './document';
import { factorsOf } from './trigger';
import { factorName, isKind, isOfFactors, isOfThreshold, KINDS, listed } from './words';

/** How many hosts a sentence names. */
const MAX_HOSTS = 2;

/** What a portfolio is called, by its id. */
export type PortfolioName = (id: string) => string;

const byId: PortfolioName = (id) => id;

/**
 * A rule as one sentence: "When the score drops below 80 for all followed scorecards, call 2 webhooks." Whatever the rule
 * has in it; what cannot be told is left out.
 */
export function ruleSentence(document: JsonObject, portfolioName = byId): string {
  return `When ${occasion(document, portfolioName)}, ${actions(document)}.`;
}

/** The same without what is called. */
function occasion(document: JsonObject, portfolioName: PortfolioName): string {
  const type = textAt(document, ['event', 'type']);
  if (isObject(document['event'])) {
    const what = type === '' || type === '*' ? 'any event of your own arrives' : `${type} arrives`;
    const filter = valueAt(document, ['event', 'filter']);
    const fits = isObject(filter) && Object.keys(filter).length > 0 ? ' and fits its filter' : '';
    return `${what}${fits}${group(document, portfolioName)}`;
  }
  const cron = textAt(document, ['schedule', 'cron']);
  if (cron !== '') return `it is time (${cron})${group(document, portfolioName)}`;
  return `${change(valueAt(document, ['filters', 'changes']))}${group(document, portfolioName)}`;
}

function change(changes: Json | undefined): string {
  const kind = valueAt(changes, ['value']);
  if (!isKind(kind)) return 'something changes';
  if (kind === 'new_issues') return newIssues(changes);
  if (kind === 'breach_reported') return KINDS[kind];
  const factors = factorsOf(changes);
  const subject =
    isOfFactors(kind) && !factors.includes('any')
      ? KINDS[kind].replace('a factor’s', `the ${isOfThreshold(kind) ? 'score' : 'grade'} of`)
      : KINDS[kind];
  const named = subject.replace(
    /(score|grade) of (score|grade)/,
    `$1 of ${listed(factors.map(factorName), 'or')}`,
  );
  if (isOfThreshold(kind)) {
    const threshold = valueAt(changes, ['threshold']);
    return `${named} ${typeof threshold === 'number' ? threshold : '…'}`;
  }
  const grade = textAt(changes, ['grade']);
  if (grade === '' || grade === 'any') return named;
  return `${named}, to ${grade} or ${kind.endsWith('_drop') ? 'below' : 'above'}`;
}

function newIssues(changes: Json | undefined): string {
  switch (textAt(changes, ['selected'])) {
    case 'by_severity':
      return `new issues of severity ${textAt(changes, ['severity'])} or higher appear`;
    case 'by_type': {
      const types = valueAt(changes, ['types']);
      const names = Array.isArray(types) ? types.map(String) : [];
      return `new issues of type ${listed(names, 'or')} appear`;
    }
    default:
      return KINDS.new_issues;
  }
}

function group(document: JsonObject, portfolioName: PortfolioName): string {
  switch (textAt(document, ['filters', 'scorecards', 'value'])) {
    case 'my_scorecard':
      return ' for my scorecard';
    case 'followed':
      return ' for all followed scorecards';
    case 'in_portfolio':
      return ` for the portfolio ${portfolioName(textAt(document, ['filters', 'scorecards', 'portfolio_id']))}`;
    default:
      return '';
  }
}

function actions({ steps }: JsonObject): string {
  if (!Array.isArray(steps) || steps.length === 0) return 'call nothing yet';
  const hosts = [
    ...new Set(steps.map((step) => hostOf(textAt(step, ['url']))).filter((host) => host !== '')),
  ];
  const where = hosts.length > 0 && hosts.length <= MAX_HOSTS ? ` at ${listed(hosts)}` : '';
  return `call ${steps.length === 1 ? 'a webhook' : `${steps.length} webhooks`}${where}`;
}

/** The host of a URL; empty when it has none, as while it is typed. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return '';
  }
}
