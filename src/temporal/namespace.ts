import { setTimeout as delay } from 'node:timers/promises';
import type { NativeConnection } from '@temporalio/worker';
import { messageOf } from './error-facts';
import { GRPC_STATUS, grpcStatusOf, isDenial, isRefusal } from './grpc-status';
import { retentionOf } from './retention';
import { TemporalSetupError } from './setup-error';

/** A server's caches learn of a new namespace within 10 s; this leaves room. Milliseconds. */
const USABLE_TIME_LIMIT_MS = 60_000;

/** Milliseconds. */
const POLL_INTERVAL_MS = 100;

/**
 * Registers the namespace if the server lacks it, and waits until it is usable. May be called any number of times, by
 * many processes at once. An existing namespace is left as it is.
 *
 * @param retentionDays how long a new namespace keeps closed executions
 * @returns whether it was registered
 * @throws TemporalSetupError when it is missing and may not be registered with these credentials, or not usable within 60 s
 */
export async function ensureNamespace(
  connection: NativeConnection,
  namespace: string,
  retentionDays: number,
): Promise<boolean> {
  if (await isUsable(connection, namespace)) return false;
  let isNew = true;
  try {
    const workflowExecutionRetentionPeriod = retentionOf(retentionDays);
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  } catch (error) {
    if (isRefusal(error)) throw mayNotRegister(namespace, error);
    if (grpcStatusOf(error) !== GRPC_STATUS.ALREADY_EXISTS) throw error;
    isNew = false;
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
  return isNew;
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
