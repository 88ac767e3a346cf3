import { pause, release, resume, retryNow } from '../../src/workflows/messages';
import { untilStatus, type Execution } from '../support/executions';
import { down, held, up, type Lab, type Scenario } from './scenarios';

/** Begins an execution whose first call fails, and pauses it in the wait. */
async function pausedInAWait(lab: Lab): Promise<Execution> {
  const execution = await lab.trigger([down, up]);
  await untilStatus(execution, 'waiting_for_retry');
  await execution.executeUpdate(pause);
  return execution;
}

/** Begins an execution and pauses it while its first call is on its way. */
async function pausedDuringACall(lab: Lab, steps: number, status: number): Promise<Execution> {
  const call = held();
  const execution = await lab.trigger([call.answer, up], { steps });
  await lab.receiver.received(1);
  await execution.executeUpdate(pause);
  call.release(status);
  await untilStatus(execution, 'paused');
  return execution;
}

export const pauseScenarios: Scenario[] = [
  {
    case: 'paused-and-resumed-in-time',
    shows: 'paused and resumed in the first minutes of a wait: the retry is made in time',
    clock: 'skipped',
    async run(lab) {
      const execution = await pausedInAWait(lab);
      await execution.executeUpdate(resume);
      return execution;
    },
  },
  {
    case: 'paused-past-its-retry',
    shows: 'paused for an hour: the retry of minute 6 is made when it is resumed',
    clock: 'skipped',
    async run(lab) {
      const execution = await pausedInAWait(lab);
      await lab.environment.sleep('1 hour');
      await execution.executeUpdate(resume);
      return execution;
    },
  },
  {
    case: 'paused-during-a-call-that-fails',
    shows: 'paused while the first call is on its way, which fails: its retry waits until it is resumed',
    clock: 'skipped',
    async run(lab) {
      const execution = await pausedDuringACall(lab, 1, 503);
      await execution.executeUpdate(resume);
      return execution;
    },
  },
  {
    case: 'paused-between-two-steps',
    shows: 'paused while the first step is called: the second is called when it is resumed',
    clock: 'real',
    async run(lab) {
      const execution = await pausedDuringACall(lab, 2, 200);
      await execution.executeUpdate(resume);
      return execution;
    },
  },
  {
    case: 'paused-too-late',
    shows: 'paused while its only call is on its way, which is delivered: so the execution ends',
    clock: 'real',
    async run(lab) {
      const call = held();
      const execution = await lab.trigger([call.answer]);
      await lab.receiver.received(1);
      await execution.executeUpdate(pause);
      call.release(200);
      return execution;
    },
  },
  {
    case: 'retry-now-while-paused',
    shows: 'retryNow while paused makes a call, which fails: paused still; a second one is delivered',
    clock: 'real',
    async run(lab) {
      const execution = await lab.trigger([down, down, up]);
      await untilStatus(execution, 'waiting_for_retry');
      await execution.executeUpdate(pause);
      await execution.executeUpdate(retryNow);
      await lab.receiver.received(2);
      await untilStatus(execution, 'paused');
      await execution.executeUpdate(retryNow);
      return execution;
    },
  },
  {
    case: 'retry-now-while-paused-between-steps',
    shows: 'retryNow makes the second of three calls; the third waits until it is resumed',
    clock: 'real',
    async run(lab) {
      const execution = await pausedDuringACall(lab, 3, 200);
      await execution.executeUpdate(retryNow);
      await lab.receiver.received(2);
      await untilStatus(execution, 'paused');
      await execution.executeUpdate(resume);
      return execution;
    },
  },
  {
    case: 'pause-refused',
    shows: 'a second pause, and a second resume, are refused and leave no trace',
    clock: 'real',
    async run(lab) {
      const execution = await pausedInAWait(lab);
      await execution.executeUpdate(pause).catch(() => undefined);
      await execution.executeUpdate(resume);
      await execution.executeUpdate(resume).catch(() => undefined);
      await execution.executeUpdate(retryNow);
      return execution;
    },
  },
  {
    case: 'paused-while-held',
    shows: 'paused while it is held, and released meanwhile: it looks again when it is resumed',
    clock: 'real',
    async run(lab) {
      const execution = await lab.trigger([up], { paused_at: '2026-07-10T00:00:00.000Z' });
      await untilStatus(execution, 'held');
      await execution.executeUpdate(pause);
      lab.putRule({});
      await execution.signal(release);
      await execution.executeUpdate(resume);
      return execution;
    },
  },
  {
    case: 'cancelled-while-paused',
    shows: 'cancelled while it is paused: ended at once',
    clock: 'real',
    async run(lab) {
      const execution = await pausedInAWait(lab);
      await execution.cancel();
      return execution;
    },
  },
  {
    case: 'abandoned-after-a-pause',
    shows: 'the rule is deleted while its execution is paused, which is resumed past its retry',
    clock: 'skipped',
    async run(lab) {
      const execution = await pausedInAWait(lab);
      lab.deleteRule();
      await lab.environment.sleep('1 hour');
      await execution.executeUpdate(resume);
      return execution;
    },
  },
];
