import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** What a test says of a rule; the rest is filled in. */
export interface RuleInShort {
  id?: string;
  urls: string[];
  retry_schedule?: string[];
}

/** A rule that the sample event matches, as people write it: one step for each URL. */
export function ruleDocument({ id = 'watch', urls, ...rest }: RuleInShort) {
  return {
    id,
    name: 'Score watch',
    owner: { name: 'Ada', email: 'ada@example.com' },
    filters: {
      changes: { value: 'score_drop_threshold', threshold: 80 },
      scorecards: { value: 'followed' },
    },
    steps: urls.map((url) => ({ action: 'call_webhook', url })),
    ...rest,
  };
}

/** A rulebook of such rules, in which the sample event's scorecard is followed. */
export function rulebookDocument(...rules: RuleInShort[]) {
  return { rules: rules.map(ruleDocument), scorecards: { followed: ['example.com'] } };
}

/** Writes a rules file with one rule, and answers with its path. */
export function writeRulesFile(folder: string, rule: RuleInShort, name = 'rules.yaml'): string {
  const path = join(folder, name);
  writeFileSync(path, stringify(rulebookDocument(rule)));
  return path;
}
