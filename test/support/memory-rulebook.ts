import { ruleSchema, type Rule } from '../../src/rules/rule';
import type { ScorecardGroups } from '../../src/rules/groups';
import type { Rulebook, VersionedRule } from '../../src/rules/rulebook';

/** A rulebook that a test edits while executions run. Every scorecard of `example.com` is followed. */
export class MemoryRulebook implements Rulebook {
  private readonly byId = new Map<string, VersionedRule>();

  /** Makes this the only rule: fires when a score falls below 80, one step for each URL. */
  put(rule: {
    id?: string;
    urls: string[];
    retry_schedule?: string[];
    on_oversize?: string;
    name?: string;
  }): Rule {
    const { id = 'watch', name = 'Score watch', urls, on_oversize = 'truncate', ...rest } = rule;
    const parsed = ruleSchema.parse({
      id,
      name,
      owner: { name: 'Ada', email: 'ada@example.com' },
      filters: {
        changes: { value: 'score_drop_threshold', threshold: 80 },
        scorecards: { value: 'followed' },
      },
      steps: urls.map((url) => ({ action: 'call_webhook', url, on_oversize })),
      ...rest,
    });
    this.byId.clear();
    this.byId.set(id, { rule: parsed, version: '1' });
    return parsed;
  }

  delete(id: string): void {
    this.byId.delete(id);
  }

  async rules(): Promise<VersionedRule[]> {
    return [...this.byId.values()];
  }

  async rule(id: string): Promise<VersionedRule | undefined> {
    return this.byId.get(id);
  }

  async groups(): Promise<ScorecardGroups> {
    return {
      mine: new Set(),
      followed: new Set(['example.com']),
      portfolios: new Map(),
      issueTypes: new Map(),
    };
  }
}
