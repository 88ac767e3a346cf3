import type { Changes } from './changes';
import { listed } from './evaluation';
import type { Evaluation } from './evaluation';
import type { ScorecardEvent } from './event';
import type { ScorecardGroups } from './groups';
import { jsonOf } from './json-of';
import { isAtLeast } from './scale';
import type { JsonObject } from '../shared/json';

type NewIssues = Extract<Changes, { value: 'new_issues' }>;
type Issues = NonNullable<ScorecardEvent['issues']>;
type Issue = Issues[string];

/**
 * Selects the new issues that a rule asks for. An issue is new when its `active.count` is above 0. The severity of an
 * issue type is what the event says, else what the rulebook's catalogue says.
 */
export function evaluateIssues(
  changes: NewIssues,
  issues: Issues,
  issueTypes: ScorecardGroups['issueTypes'],
): Evaluation {
  const fresh = Object.entries(issues).filter(([, issue]) => (issue.active?.count ?? 0) > 0);
  const severityOf = ([type, issue]: [string, Issue]) => issue.severity ?? issueTypes.get(type);
  const selected = fresh.filter(([type, issue]) => {
    switch (changes.selected) {
      case 'any':
        return true;
      case 'by_type':
        return changes.types.includes(type);
      case 'by_severity': {
        const severity = severityOf([type, issue]);
        return severity !== undefined && isAtLeast(severity, changes.severity);
      }
    }
  });
  const { value: type, ...selection } = changes;
  return {
    fires: selected.length > 0,
    reason: [
      selected.length > 0
        ? `new issues${kindOfIssue(changes)}: ${listed(
            selected.map(([name, issue]) => `${name} (${issue.active?.count ?? 0})`),
            ', ',
          )}`
        : `there are no new issues${kindOfIssue(changes)}`,
      ...unknownSeverities(
        changes,
        fresh.filter((each) => severityOf(each) === undefined).map(([name]) => name),
      ),
    ].join('; '),
    trigger: {
      type,
      issues: Object.fromEntries(selected.map(([name, issue]) => [name, countsOf(issue)])),
      ...selection,
    },
  };
}

/** An issue type as the original posts it, which is without our `severity`. */
function countsOf(issue: Issue): JsonObject {
  const counts = jsonOf(issue);
  delete counts['severity'];
  return counts;
}

function kindOfIssue(changes: NewIssues): string {
  switch (changes.selected) {
    case 'any':
      return '';
    case 'by_type':
      return ` of type ${listed(changes.types, ', ')}`;
    case 'by_severity':
      return ` of severity ${changes.severity} or more severe`;
  }
}

/** An issue type of unknown severity is not selected, as its trigger would claim what nobody said; so it is told. */
function unknownSeverities(changes: NewIssues, types: string[]): string[] {
  if (changes.selected !== 'by_severity' || types.length === 0) return [];
  return [`severity unknown, so left out: ${listed(types, ', ')} (add to issue_types)`];
}
