import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { startDigest } from '../../src/client/start-digest';
import { DEFAULT_WORKSPACE, digestWorkflowIdOf } from '../../src/shared/ids';
import type { escalationDigest } from '../../src/workflows/escalation-digest';
import { gathered } from '../../src/workflows/messages';
import { until } from '../support/executions';
import type { Lab, Scenario } from './scenarios';

type Digest = WorkflowHandle<typeof escalationDigest>;

/** Begins a digest that is due in a time. */
async function begin(lab: Lab, dueInMs: number, counts: number[]): Promise<Digest> {
  lab.gathered = counts;
  const ruleId = randomUUID();
  const due = new Date((await lab.environment.currentTimeMs()) + dueInMs).toISOString();
  await startDigest(lab.executions.client, { workspace: DEFAULT_WORKSPACE, ruleId, until: due }, true);
  return lab.environment.client.workflow.getHandle<typeof escalationDigest>(
    digestWorkflowIdOf(DEFAULT_WORKSPACE, ruleId),
  );
}

const HOUR = 3_600_000;

/** The ways through `escalationDigest`. */
export const escalationDigestScenarios: Scenario[] = [
  {
    case: 'digest-sent',
    shows: 'three escalations are told after an hour',
    clock: 'skipped',
    run: (lab: Lab) => begin(lab, HOUR, [3]),
  },
  {
    case: 'digest-of-nothing',
    shows: 'what was announced is told already: no mail',
    clock: 'skipped',
    run: (lab: Lab) => begin(lab, HOUR, []),
  },
  {
    case: 'digest-and-the-next',
    shows: 'another one is gathered while the mail is sent: it is told in another mail',
    clock: 'real',
    async run(lab: Lab) {
      let release: (() => void) | undefined;
      lab.mail = async ({ messageId }) => {
        await new Promise<void>((resolve) => (release = resolve));
        lab.mail = async () => ({ messageId, receipt: '250 OK' });
        return { messageId, receipt: '250 OK' };
      };
      const digest = await begin(lab, 0, [2, 1]);
      const letGo = await until(async () => release);
      await digest.signal(gathered, new Date().toISOString());
      letGo();
      return digest;
    },
  },
  {
    case: 'digest-cancelled',
    shows: 'cancelled while it waits: what was gathered is told in a later one',
    clock: 'real',
    async run(lab: Lab) {
      const digest = await begin(lab, HOUR, [3]);
      await until(async () => {
        const { events } = await digest.fetchHistory();
        return events?.find((event) => event.timerStartedEventAttributes);
      });
      await digest.cancel();
      return digest;
    },
  },
].map((scenario) => ({
  ...scenario,
  clock: scenario.clock as Scenario['clock'],
  workflowType: 'escalationDigest',
}));
