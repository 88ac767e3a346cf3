import { sampleEvent } from './events';
import { rulebookDocument } from './rules-file';

/** A body with which each operation that takes one would do something. */
export function operationBodies(rule: object, event: object): Record<string, object> {
  return {
    backfillRuleSchedule: { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
    postEvent: event,
    postEvents: { events: [event] },
    createRule: rule,
    checkRule: rule,
    applyRulebook: rulebookDocument({ id: 'applied', urls: ['https://example.com'] }),
    replaceRule: { ...rule, name: 'Ours' },
    testRule: sampleEvent({ id: 'event-2' }),
    explainRule: sampleEvent(),
    importScorecards: { scorecards: [{ id: 'sc-1', mine: true }] },
    putScorecard: { mine: true },
    putPortfolio: { name: 'Ours' },
    setPortfolioScorecards: { scorecards: ['sc-9'] },
    addPortfolioScorecards: { scorecards: ['sc-9'] },
    putIssueTypes: { malware: 'low' },
    putMember: { name: 'Bob', email: 'bob@example.com' },
    putEventType: { description: 'Ours' },
    putDestination: { limits: { burst: 1 } },
    rotateSigningKey: {},
    putCredential: { kind: 'bearer', origins: ['https://example.com'], token: 'a-token-of-ours' },
    putChannel: { kind: 'slack', url: 'https://hooks.example.com/ours' },
    putEgressProxy: { url: 'https://proxy.example.com' },
    decodePayloads: { payloads: [] },
    encodePayloads: { payloads: [] },
    createApiKey: { name: 'Ours', role: 'viewer' },
    createWorkspace: { id: 'ours', name: 'Ours' },
    cancelExecution: { reason: 'ours' },
    restartExecution: {},
    disableDestination: {},
    startBulkOperation: { action: 'cancel', filter: { rule: 'watch' } },
  };
}
