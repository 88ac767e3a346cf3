import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import {
  bundleWorkflowCode,
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  Worker,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import * as workflows from '../../src/workflows/index';
import type { ExecutionStatus } from '../../src/shared/execution-status';
import { createDataConverter } from '../../src/temporal/payload-codec';
import { parsePayloadKeys } from '../../src/temporal/payload-keys';
import { VERSIONED_WORKFLOW_BUNDLE, WORKFLOW_BUNDLE } from '../support/executions';
import { encodedHistory } from './encoded-history';
import {
  endingOf,
  historyOf,
  identitiesIn,
  keepHistory,
  manifest,
  RECORDER,
  recordedFiles,
  resultOf,
  sha256Of,
  textOf,
  tracesOfMachine,
  type History,
} from './histories';

// Each history that does not fit is a warning, and half of them here must not.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} } },
});

/** How Temporal names what starts workflows by their schedules: not by a machine. */
const SCHEDULER = 'temporal-scheduler-';

const recorded = manifest();
const whole = recorded.map((entry) => ({ name: entry.file, history: historyOf(entry) }));

/** What became of each history that a bundle replayed, by its name. */
async function replayed(
  workflowBundle: WorkflowBundleOption,
  histories: { name: string; history: History }[],
  dataConverter: DataConverter = {},
): Promise<Map<string, Error | 'fits'>> {
  const outcomes = new Map<string, Error | 'fits'>();
  const given = histories.map(({ name, history }) => ({ workflowId: name, history }));
  for await (const { workflowId, error } of Worker.runReplayHistories(
    { workflowBundle, dataConverter },
    given,
  )) {
    outcomes.set(workflowId, error ?? 'fits');
  }
  return outcomes;
}

describe.each([
  ['unversioned', WORKFLOW_BUNDLE],
  ['versioned', VERSIONED_WORKFLOW_BUNDLE],
])('the %s workflows as they are now', (_which, codePath) => {
  let outcomes: Map<string, Error | 'fits'>;
  beforeAll(async () => {
    outcomes = await replayed({ codePath }, whole);
  });

  it.each(recorded)('replay $workflowType/$case: $shows', ({ file }) => {
    expect(outcomes.get(file)).toBe('fits');
  });
});

const withKey = createDataConverter(parsePayloadKeys(randomBytes(32).toString('base64')));

describe('with a codec that encrypts', () => {
  let plain: Map<string, Error | 'fits'>;
  let encrypted: Map<string, Error | 'fits'>;
  beforeAll(async () => {
    const encoded = whole.map(async ({ name, history }) => ({
      name,
      history: await encodedHistory(history, withKey),
    }));
    plain = await replayed({ codePath: WORKFLOW_BUNDLE }, whole, withKey);
    encrypted = await replayed({ codePath: WORKFLOW_BUNDLE }, await Promise.all(encoded), withKey);
  });

  it.each(recorded)(
    '$workflowType/$case replays as it was recorded, from before there was a key',
    ({ file }) => {
      expect(plain.get(file)).toBe('fits');
    },
  );

  it.each(recorded)('$workflowType/$case replays when it is encrypted', ({ file }) => {
    expect(encrypted.get(file)).toBe('fits');
  });
});

describe('a workflow that does something else', () => {
  let outcomes: Map<string, Error | 'fits'>;
  beforeAll(async () => {
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(__dirname, 'incompatible/index.ts'),
      logger: new DefaultLogger('WARN'),
    });
    outcomes = await replayed({ code }, whole);
  });

  it.each(recorded)('is caught by $workflowType/$case', ({ file }) => {
    expect(outcomes.get(file)).toBeInstanceOf(DeterminismViolationError);
  });
});

describe('a history that was changed', () => {
  it('is caught: its first activity has another name', async () => {
    const { history, name } = whole[0] ?? missing();
    const changed = structuredClone(history);
    const scheduled = changed.events.find((event) => event.activityTaskScheduledEventAttributes);
    (scheduled?.activityTaskScheduledEventAttributes ?? missing()).activityType.name = 'deliverLetter';
    const outcomes = await replayed({ codePath: WORKFLOW_BUNDLE }, [{ name, history: changed }]);
    expect(outcomes.get(name)).toBeInstanceOf(DeterminismViolationError);
  });
});

describe('the manifest', () => {
  it('names the histories that are there, and no others', () => {
    expect(recorded.map(({ file }) => file).sort()).toEqual(recordedFiles().sort());
  });

  it.each(recorded)('knows $file as it was recorded', (entry) => {
    expect(sha256Of(textOf(entry))).toBe(entry.sha256);
  });

  it.each(recorded)('names the workflow of $file', (entry) => {
    const [started] = historyOf(entry).events;
    expect(started?.workflowExecutionStartedEventAttributes?.workflowType.name).toBe(entry.workflowType);
  });
});

describe('the histories', () => {
  it('are never recorded over', () => {
    const { file, case: name, shows, workflowType } = recorded[0] ?? missing();
    const [, version = ''] = file.split('/');
    expect(() => {
      keepHistory({ case: name, shows, workflowType, version }, '{}');
    }).toThrow(/EEXIST/);
  });

  it('are there for each workflow', () => {
    expect(new Set(recorded.map(({ workflowType }) => workflowType))).toEqual(
      new Set(Object.keys(workflows)),
    );
  });

  /** The closing event of each status that an execution can end with. */
  const closings: Record<
    Exclude<ExecutionStatus, 'delivering' | 'waiting_for_retry' | 'held' | 'paused' | 'escalating'>,
    string
  > = {
    delivered: 'COMPLETED',
    escalated: 'COMPLETED',
    abandoned: 'COMPLETED',
    cancelled: 'CANCELED',
    failed: 'FAILED',
  };
  it.each(Object.entries(closings))('show an execution that ends as %s, with %s', (status, closing) => {
    const endings = whole.map(({ history }) => endingOf(history));
    expect(endings).toContain(`EVENT_TYPE_WORKFLOW_EXECUTION_${closing} ${status}`);
  });

  it.each([
    ['the disabling of a destination', 'completed', 'disableDestination', 'COMPLETED'],
    ['the disabling of a destination', 'failed', 'disableDestination', 'FAILED'],
    ['a dispatcher', 'completed', 'dispatchEvent', 'COMPLETED'],
    ['a dispatcher', 'continued as new', 'dispatchEvent', 'CONTINUED_AS_NEW'],
    ['a dispatcher', 'failed', 'dispatchEvent', 'FAILED'],
    ['a dispatcher', 'cancelled', 'dispatchEvent', 'CANCELED'],
    ['a run by the clock', 'completed', 'runSchedule', 'COMPLETED'],
    ['a run by the clock', 'continued as new', 'runSchedule', 'CONTINUED_AS_NEW'],
    ['a run by the clock', 'failed', 'runSchedule', 'FAILED'],
    ['a run by the clock', 'cancelled', 'runSchedule', 'CANCELED'],
    ['a bulk operation', 'completed', 'bulkOperation', 'COMPLETED'],
    ['a bulk operation', 'continued as new', 'bulkOperation', 'CONTINUED_AS_NEW'],
    ['a bulk operation', 'failed', 'bulkOperation', 'FAILED'],
    ['a digest of escalations', 'completed', 'escalationDigest', 'COMPLETED'],
    ['a digest of escalations', 'cancelled', 'escalationDigest', 'CANCELED'],
    ['the telling of a recovery', 'completed', 'announceRecovery', 'COMPLETED'],
    ['the telling of a recovery', 'failed', 'announceRecovery', 'FAILED'],
    ['the telling of a recovery', 'cancelled', 'announceRecovery', 'CANCELED'],
    ['a notice', 'completed', 'sendNotice', 'COMPLETED'],
    ['a notice', 'failed', 'sendNotice', 'FAILED'],
    ['a notice', 'cancelled', 'sendNotice', 'CANCELED'],
  ])('show %s that ends as %s', (_what, _how, type, closing) => {
    const endings = recorded
      .filter(({ workflowType }) => workflowType === type)
      .map((entry) => historyOf(entry).events.at(-1)?.eventType);
    expect(endings).toContain(`EVENT_TYPE_WORKFLOW_EXECUTION_${closing}`);
  });

  it.each([
    ['bulk-done', { selected: 120, done: 120, refused: {} }],
    ['bulk-refused', { done: 30, refused: { 'nothing waits': 25, 'it is not there any more': 5 } }],
    ['bulk-after-a-fault-of-ours', { done: 60 }],
    ['bulk-in-a-second-run', { selected: 5_001, done: 5_001 }],
    ['bulk-cancelled', { selected: 150, done: 100, cancelled: true }],
    ['bulk-cancelled-too-late', { selected: 100, done: 100, refused: {}, examples: [] }],
    ['bulk-cancelled-between-batches', { done: 50, cancelled: true }],
    ['bulk-cancelled-before-it-began', { selected: 0, done: 0, cancelled: true }],
  ])('show what %s reports', (name, report) => {
    const { file } = recorded.find((entry) => entry.case === name) ?? missing();
    const result = resultOf(historyOf({ file })) as object;
    expect({ cancelled: false, ...result }).toMatchObject({ cancelled: false, ...report });
  });

  it.each(recorded)('tell nothing about the machine that recorded $case', (entry) => {
    expect(tracesOfMachine(historyOf(entry))).toEqual([]);
  });

  it.each(recorded)('name clients and workers alike in $case', (entry) => {
    const hosts = identitiesIn(historyOf(entry))
      .filter((name) => !name.startsWith(SCHEDULER))
      .map((identity) => identity.replace(/^\d+@/, ''));
    expect([...new Set(hosts)]).toEqual([RECORDER]);
  });
});

function missing(): never {
  throw new Error('there is none');
}
