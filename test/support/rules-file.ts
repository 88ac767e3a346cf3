import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Writes a rules file with one rule, which the sample event matches, and answers with its path. */
export function writeRulesFile(
  folder: string,
  rule: { urls: string[]; retry_schedule?: string[] },
  name = 'rules.yaml',
): string {
  const { urls, ...rest } = rule;
  const path = join(folder, name);
  const document = {
    rules: [
      {
        id: 'watch',
        name: 'Score watch',
        owner: { name: 'Ada', email: 'ada@example.com' },
        filters: {
          changes: { value: 'score_drop_threshold', threshold: 80 },
          scorecards: { value: 'followed' },
        },
        steps: urls.map((url) => ({ action: 'call_webhook', url })),
        ...rest,
      },
    ],
    scorecards: { followed: ['example.com'] },
  };
  writeFileSync(path, stringify(document));
  return path;
}
