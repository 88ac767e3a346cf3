import { msToTs } from '@temporalio/common/lib/time';
import type { NativeConnection } from '@temporalio/worker';
import { messageOf } from './error-facts';
import { isRefusal } from './grpc-status';

const S_PER_DAY = 86_400;

/** As Temporal has it. */
export function retentionOf(days: number) {
  return msToTs(days * S_PER_DAY * 1_000);
}

/** Sets how long a namespace keeps ended executions. Needs the right to change the namespace. */
export async function setRetention(
  connection: NativeConnection,
  namespace: string,
  retentionDays: number,
): Promise<void> {
  const config = { workflowExecutionRetentionTtl: retentionOf(retentionDays) };
  await connection.workflowService.updateNamespace({ namespace, config });
}

/**
 * Sets how long a namespace keeps ended executions unless that is so already. Where these credentials may not, as on
 * Temporal Cloud, all else goes on: that is a warning, which names both values.
 */
export async function adoptRetention(
  connection: NativeConnection,
  namespace: string,
  retentionDays: number,
  warn: (line: string) => void,
): Promise<void> {
  let present = 'for as long as these credentials may not see';
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    const days = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / S_PER_DAY;
    if (days === retentionDays) return;
    present = `for ${Number(days.toFixed(2))} days`;
    await setRetention(connection, namespace, retentionDays);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    warn(
      `Temporal's namespace "${namespace}" keeps ended executions ${present}, and RETENTION_DAYS is ${retentionDays}: ` +
        `it stays, as these credentials may not change it (${messageOf(error)}). Unset RETENTION_DAYS, or have an administrator run: ` +
        `temporal operator namespace update --namespace ${namespace} --retention ${retentionDays}d`,
    );
  }
}
