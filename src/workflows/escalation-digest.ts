import { continueAsNew, setHandler, sleep, uuid4, workflowInfo } from '@temporalio/workflow';
import type { DigestReport, EscalationDigest } from '../shared/escalations';
import { gatherEscalations, sendDigest } from './activity-proxies';
import { gathered } from './messages';

/**
 * Tells a rule's owner, when their time has come, of the escalations that were gathered after a mail. It ends when none has
 * come since: the next one that is gathered starts it again.
 */
export async function escalationDigest({ until, ...rule }: EscalationDigest): Promise<DigestReport> {
  const due = [until];
  setHandler(gathered, (time) => void due.push(time));
  const report: DigestReport = { mails: 0, told: 0 };
  for (let [next] = due; next !== undefined; [next] = due) {
    if (report.mails > 0 && workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof escalationDigest>({ ...rule, until: next });
    }
    await sleep(Math.max(0, Date.parse(next) - Date.now()));
    // Whatever was announced so far is on record, and told now.
    due.length = 0;
    const noticeId = uuid4();
    const told = await gatherEscalations({ ...rule, noticeId });
    if (told === 0) continue;
    await sendDigest({ ...rule, noticeId });
    report.mails += 1;
    report.told += told;
  }
  return report;
}
