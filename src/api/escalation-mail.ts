import type { ExecutionDetail } from '../client/executions';
import { escalationWords } from '../mail/escalation-mail';
import type { Escalations } from '../store/escalation-store';

type Escalation = NonNullable<ExecutionDetail['escalation']>;

interface TellingMail {
  /** Without its links: whoever has one may press its button. */
  mail: { subject: string; text: string } | null;
  /** The one that lists it, among others. */
  digest: { id: string; executions: number } | null;
}

/**
 * How the owner was told, with the e-mail: written anew from what it was made of, as no copy is kept. Null when that is not on
 * record, or not any more.
 *
 * @throws StoreAwayError
 */
export async function escalationWithMail(
  escalations: Escalations,
  workspace: string,
  { execution_id: id, escalation }: ExecutionDetail,
): Promise<(Escalation & TellingMail) | null> {
  if (escalation === null) return null;
  const told = await escalations.ofExecution(workspace, id);
  if (told?.noticeId === undefined) return { ...escalation, mail: null, digest: null };
  if (escalation.gathered_until === null) {
    return { ...escalation, mail: escalationWords(told.escalated), digest: null };
  }
  const { total } = await escalations.notice(workspace, told.noticeId);
  return { ...escalation, mail: null, digest: { id: told.noticeId, executions: total } };
}
