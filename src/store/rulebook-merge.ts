import type { ReadDocument } from './rulebook-document';
import { RulebookError } from './rulebook-error';
import type { FileProblem } from './rulebook-error';
import { versionOf } from './rule-version';
import { groupKey } from '../rules/groups';
import type { ScorecardGroups } from '../rules/groups';
import type { VersionedRule } from '../rules/rulebook';

/** All documents as one. */
export interface MergedRulebook {
  /** By rule id. */
  rules: ReadonlyMap<string, VersionedRule>;
  groups: ScorecardGroups;
}

interface Placed {
  versioned: VersionedRule;
  file: string;
  /** Path of the rule in its file, with the dot that follows it. */
  prefix: string;
  added: boolean;
}

/**
 * Makes one rulebook of the main document (the one read from `mainFile`, if there is one) and those added beside it. An
 * added rule replaces the main one of the same id; groups are united; of portfolios and issue types with the same name
 * the later one wins.
 *
 * @throws RulebookError when two added documents have a rule of the same id, or when a rule names a portfolio that none
 *   of them has.
 */
export function mergeDocuments(
  documents: readonly ReadDocument[],
  mainFile: string | undefined,
): MergedRulebook {
  const placed = new Map<string, Placed>();
  const problems: FileProblem[] = [];
  for (const read of documents) {
    read.document.rules.forEach((rule, index) => {
      const prefix = read.isBareRule ? '' : `rules[${index}].`;
      const earlier = placed.get(rule.id);
      if (earlier?.added === true) {
        problems.push({
          file: read.file,
          path: `${prefix}id`,
          message: `"${rule.id}" is also in ${earlier.file}`,
        });
      }
      const versioned = { rule, version: versionOf(rule) };
      placed.set(rule.id, { versioned, file: read.file, prefix, added: read.file !== mainFile });
    });
  }

  const groups = mergeGroups(documents);
  for (const { versioned, file, prefix } of placed.values()) {
    const { scorecards } = versioned.rule.filters;
    if (scorecards.value !== 'in_portfolio' || groups.portfolios.has(scorecards.portfolio_id)) continue;
    problems.push({
      file,
      path: `${prefix}filters.scorecards.portfolio_id`,
      message: `there is no portfolio "${scorecards.portfolio_id}"`,
    });
  }
  if (problems.length > 0) throw new RulebookError(problems);
  return { rules: new Map([...placed].map(([id, { versioned }]) => [id, versioned])), groups };
}

function mergeGroups(all: readonly ReadDocument[]): ScorecardGroups {
  const documents = all.map(({ document }) => document);
  const members = (scorecards: string[]) => new Set(scorecards.map(groupKey));
  return {
    mine: members(documents.flatMap(({ scorecards }) => scorecards.mine)),
    followed: members(documents.flatMap(({ scorecards }) => scorecards.followed)),
    portfolios: new Map(
      documents.flatMap(({ portfolios }) =>
        portfolios.map(({ id, name, scorecards }) => [
          id,
          { ...(name !== undefined && { name }), scorecards: members(scorecards) },
        ]),
      ),
    ),
    issueTypes: new Map(documents.flatMap(({ issue_types }) => Object.entries(issue_types))),
  };
}
