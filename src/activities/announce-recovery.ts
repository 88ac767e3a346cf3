import type { Rulebook } from '../rules/rulebook';
import type { RecoveredDestination, RecoveryReport } from '../shared/recovered-destination';
import { tellOthers, type OthersTold } from './tell-others';

/** Where it is kept what was escalated. */
export interface EscalatedRules {
  /** The ids of the rules of which an execution was escalated since, after a call to this origin. */
  rulesEscalated(workspace: string, origin: string, since: string): Promise<string[]>;
}

/**
 * Has a notice sent to all who were told of an outage: of rules with escalations, and when the destination was disabled, of
 * those that call it. Throws while the store or Temporal is away: it is retried for days.
 */
export function createAnnounceRecovery(deps: {
  rulebook: Rulebook;
  escalations: EscalatedRules;
  destinationSwitch: { rulesCalling(workspace: string, origin: string): Promise<string[]> };
  others: OthersTold;
}) {
  return async function announceRecovery(recovered: RecoveredDestination): Promise<RecoveryReport> {
    const { workspace, origin, failingSince, recoveredAt, wasDisabled } = recovered;
    const escalated = await deps.escalations.rulesEscalated(workspace, origin, failingSince);
    const calling = wasDisabled ? await deps.destinationSwitch.rulesCalling(workspace, origin) : [];
    const ids = [...new Set([...escalated, ...calling])];
    const found = await Promise.all(ids.map((id) => deps.rulebook.rule(workspace, id)));
    // Whoever has deleted the rule does not wait for it.
    const rules = found.filter((rule) => rule !== undefined);
    const notice = { type: 'destination.recovered' as const, origin, failingSince, recoveredAt };
    await tellOthers(deps.others, { workspace, notice, rules, owners: 'too' });
    return { rules: rules.length };
  };
}
