import os from 'node:os';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createLocalEnvironment, createTimeSkippingEnvironment } from '../support/temporal';
import { keepHistory, manifest, RECORDER } from './histories';
import { atOnceScenarios } from './at-once-scenarios';
import { bulkScenarios } from './bulk-scenarios';
import { disablingScenarios } from './disabling-scenarios';
import { dispatchScenarios } from './dispatch-scenarios';
import { escalationDigestScenarios } from './escalation-digest-scenarios';
import { holdScenarios } from './hold-scenarios';
import { noticeScenarios } from './notice-scenarios';
import { pauseScenarios } from './pause-scenarios';
import { recoveryScenarios } from './recovery-scenarios';
import { restartScenarios } from './restart-scenarios';
import { scheduleScenarios } from './schedule-scenarios';
import { Lab, scenarios as executionScenarios, type Scenario } from './scenarios';

/**
 * Not a test: `npm run record-histories` records the cases that the manifest lacks, and leaves the others alone. A change that
 * is behind `patched` has cases of a version of its own, so that the histories of before stay.
 */
const VERSION = 'v1';

/** Ten thousand attempts take a while. Milliseconds. */
const TIMEOUT_MS = 120_000;

const scenarios = [
  ...executionScenarios,
  ...atOnceScenarios,
  ...holdScenarios,
  ...pauseScenarios,
  ...restartScenarios,
  ...dispatchScenarios,
  ...disablingScenarios,
  ...bulkScenarios,
  ...escalationDigestScenarios,
  ...noticeScenarios,
  ...recoveryScenarios,
  ...scheduleScenarios,
];

const environments = new Map<Scenario['clock'], Promise<TestWorkflowEnvironment>>();

beforeAll(() => {
  // Histories tell nothing about this machine: the SDK names clients and workers by their host, and keeps stack traces.
  jest.spyOn(os, 'hostname').mockReturnValue(RECORDER);
  Error.stackTraceLimit = 0;
});
afterAll(async () => {
  for (const environment of environments.values()) await (await environment).teardown();
});

// Not it.each, which wants one at least.
for (const scenario of absent()) {
  it(
    `${scenario.case}: ${scenario.shows}`,
    async () => {
      const lab = await Lab.open(await environmentOf(scenario));
      try {
        const execution = await scenario.run(lab);
        await execution.result().catch(() => undefined);
        const { case: name, shows, workflowType = 'executeRule', version = VERSION } = scenario;
        const text = historyToJSON(await execution.fetchHistory());
        keepHistory({ case: name, shows, workflowType, version }, text);
      } finally {
        await lab.close();
      }
      expect(absent()).not.toContain(scenario);
    },
    TIMEOUT_MS,
  );
}

it('every case is recorded', () => {
  expect(absent()).toEqual([]);
});

function absent(): Scenario[] {
  const recorded = new Set(manifest().map(({ file }) => file));
  return scenarios.filter(
    ({ workflowType = 'executeRule', case: name, version = VERSION }) =>
      !recorded.has(`${workflowType}/${version}/${name}.json`),
  );
}

function environmentOf({ clock }: Scenario): Promise<TestWorkflowEnvironment> {
  const environment =
    environments.get(clock) ??
    // As they are, so that people and the tests below can read them.
    (clock === 'real' ? createLocalEnvironment({}) : createTimeSkippingEnvironment({}));
  environments.set(clock, environment);
  return environment;
}
