import type { JsonObject } from '../../shared/json';
import { pathText, type Path } from './document';

export interface FieldProblem {
  /** As the service writes it, e.g. `steps[0].url`; empty: the whole rule. */
  path: string;
  message: string;
}

/** Those that lie at a path or below it. */
export function problemsAt(problems: readonly FieldProblem[], path: Path): FieldProblem[] {
  const at = pathText(path);
  return problems.filter(
    ({ path: where }) => where === at || where.startsWith(`${at}.`) || where.startsWith(`${at}[`),
  );
}

/** The keys of a rule that the form has fields for. What lies below one is its field's, unless it is listed here too. */
const FORM = new Set([
  'id',
  'name',
  'owner',
  'owner.name',
  'owner.email',
  'owner.member',
  'filters',
  'filters.changes',
  'filters.scorecards',
  'event',
  'event.type',
  'event.filter',
  'steps',
  'retry_schedule',
  'notify',
  'notify.digest',
  'notify.recipients',
  'notify.channels',
  'paused_at',
]);
const STEP = new Set([
  'id',
  'action',
  'url',
  'on_oversize',
  'if',
  'headers',
  'auth',
  'tls',
  'method',
  'body',
]);
const OPENED = ['owner', 'filters', 'event', 'notify'];

/** What a rule has in it that the form has no field for: kept as it is, and seen in the text. */
export function besidesTheForm(document: JsonObject): string[] {
  const found: string[] = [];
  for (const [key, value] of Object.entries(document)) {
    if (!FORM.has(key)) found.push(key);
    else if (OPENED.includes(key) && typeof value === 'object' && value !== null) {
      found.push(
        ...Object.keys(value)
          .map((inner) => `${key}.${inner}`)
          .filter((path) => !FORM.has(path)),
      );
    } else if (key === 'steps' && Array.isArray(value)) {
      value.forEach((step, index) => {
        if (typeof step !== 'object' || step === null) return;
        found.push(
          ...Object.keys(step)
            .filter((inner) => !STEP.has(inner))
            .map((inner) => `steps[${index}].${inner}`),
        );
      });
    }
  }
  return found;
}
