import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { describeDeployment, type DeploymentPlace } from '../temporal/worker-deployment';

/** How long a promotion may take to be noticed here. Milliseconds. */
const LOOK_INTERVAL_MS = 5_000;

/**
 * Starts of a process with a versioned worker. Temporal gives an eager start's first task to the worker of the process that
 * asks, whether its build is current or not: so a build that nobody promoted would begin executions, and one that was
 * replaced would go on to. Starts are eager only while this process' build is current.
 */
export class VersionedStarts {
  private isCurrent = false;
  private readonly ended = new AbortController();

  readonly interceptor: WorkflowClientInterceptor = {
    startWithDetails: (input, next) =>
      next(this.isCurrent ? input : { ...input, options: { ...input.options, requestEagerStart: false } }),
  };

  /** Looks from now on. While Temporal does not answer, what was seen last counts. */
  begin(place: DeploymentPlace, buildId: string): void {
    void this.keepLooking(place, buildId);
  }

  end(): void {
    this.ended.abort();
  }

  private async keepLooking(place: DeploymentPlace, buildId: string): Promise<void> {
    const { signal } = this.ended;
    while (!signal.aborted) {
      const deployment = await describeDeployment(place).catch(() => undefined);
      if (deployment) this.isCurrent = deployment.currentBuildId === buildId;
      await delay(LOOK_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
