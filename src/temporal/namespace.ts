import { setTimeout as delay } from 'node:timers/promises';
import { msToTs } from '@temporalio/common/lib/time';
import type { NativeConnection } from '@temporalio/worker';
import { messageOf } from './error-facts';
import { GRPC_STATUS, grpcStatusOf, isDenial, isRefusal } from './grpc-status';
import { TemporalSetupError } from './setup-error';

/** A server's caches learn of a new namespace within 10 s; this leaves room. Milliseconds. */
const USABLE_TIME_LIMIT_MS = 60_000;

/** Milliseconds. */
const POLL_INTERVAL_MS = 100;

const MS_PER_DAY = 86_400_000;

/**
 * Registers the namespace if the server lacks it, and waits until it is usable. May be called any number of times, by
 * many processes at once. An existing namespace is left as it is.
 *
 * @param retentionDays how long a new namespace keeps closed executions
 * @throws TemporalSetupError when it is missing and may not be registered with these credentials, or not usable within 60 s
 */
export async function ensureNamespace(
  connection: NativeConnection,
  namespace: string,
  retentionDays: number,
): Promise<void> {
  if (await isUsable(connection, namespace)) return;
  try {
    const workflowExecutionRetentionPeriod = msToTs(retentionDays * MS_PER_DAY);
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  } catch (error) {
    if (isRefusal(error)) throw mayNotRegister(namespace, error);
    if (grpcStatusOf(error) !== GRPC_STATUS.ALREADY_EXISTS) throw error;
  }
  const deadline = Date.now() + USABLE_TIME_LIMIT_MS;
  while (!(await isUsable(connection, namespace))) {
    if (Date.now() >= deadline) {
      const limit = `${USABLE_TIME_LIMIT_MS / 1000} s`;
      throw new TemporalSetupError(
        `Temporal's namespace "${namespace}" was registered but not usable within ${limit}.`,
      );
    }
    await delay(POLL_INTERVAL_MS);
  }
}

/** Sets how long a namespace keeps closed executions. Needs the right to change the namespace. */
export async function setRetention(
  connection: NativeConnection,
  namespace: string,
  retentionDays: number,
): Promise<void> {
  const workflowExecutionRetentionTtl = msToTs(retentionDays * MS_PER_DAY);
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } });
}

/** Whether the server takes calls for the namespace. Describing it would ask the database instead of the server's caches. */
async function isUsable(connection: NativeConnection, namespace: string): Promise<boolean> {
  try {
    await connection.workflowService.countWorkflowExecutions({ namespace });
    return true;
  } catch (error) {
    // The time-skipping test server has no visibility, and knows every namespace.
    if (grpcStatusOf(error) === GRPC_STATUS.UNIMPLEMENTED) return true;
    if (grpcStatusOf(error) === GRPC_STATUS.NOT_FOUND) return false;
    if (isDenial(error)) throw noAccess(namespace, error);
    throw error;
  }
}

function noAccess(namespace: string, cause: unknown): TemporalSetupError {
  return new TemporalSetupError(
    `Temporal refuses these credentials for the namespace "${namespace}": ${messageOf(cause)}. ` +
      `Check TEMPORAL_NAMESPACE and TEMPORAL_API_KEY (or TEMPORAL_TLS_CLIENT_CERT_PATH), or the profile that sets them.`,
    { cause },
  );
}

function mayNotRegister(namespace: string, cause: unknown): TemporalSetupError {
  return new TemporalSetupError(
    `Temporal has no namespace "${namespace}", and these credentials may not register it. ` +
      `Set TEMPORAL_NAMESPACE to one that exists, or have an administrator run:\n` +
      `  temporal operator namespace create --namespace ${namespace}`,
    { cause },
  );
}
