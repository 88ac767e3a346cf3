import type { ScorecardGroups } from '../../src/rules/groups';
import { ruleSchema, type Rule } from '../../src/rules/rule';
import type { Owner, Rulebook, VersionedRule } from '../../src/rules/rulebook';

/** Every scorecard of `example.com` is followed. */
export const groups: ScorecardGroups = {
  mine: new Set(),
  followed: new Set(['example.com']),
  portfolios: new Map(),
  issueTypes: new Map(),
};

const owner: Owner = { name: 'Ada', email: 'ada@example.com' };

/** A rulebook of any workspace that a test edits while executions run. */
export class MemoryRulebook implements Rulebook {
  private readonly byId = new Map<string, VersionedRule & { owner: Owner }>();

  /** Makes this the only rule: fires when a score falls below 80, one step for each URL, the steps with what is in `steps` besides. */
  put(rule: {
    id?: string;
    urls: string[];
    steps?: object[];
    retry_schedule?: string[];
    on_oversize?: string;
    name?: string;
    paused_at?: string;
  }): Rule {
    const { id = 'watch', name = 'Score watch', urls, steps = [], on_oversize = 'truncate', ...rest } = rule;
    const parsed = ruleSchema.parse({
      id,
      name,
      owner,
      filters: {
        changes: { value: 'score_drop_threshold', threshold: 80 },
        scorecards: { value: 'followed' },
      },
      steps: urls.map((url, index) => ({ action: 'call_webhook', url, on_oversize, ...steps[index] })),
      ...rest,
    });
    this.byId.clear();
    this.byId.set(id, { rule: parsed, version: '1', owner });
    return parsed;
  }

  delete(id: string): void {
    this.byId.delete(id);
  }

  rules(): VersionedRule[] {
    return [...this.byId.values()];
  }

  async rule(_workspace: string, id: string): Promise<(VersionedRule & { owner: Owner }) | undefined> {
    return this.byId.get(id);
  }
}
