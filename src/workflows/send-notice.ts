import type { AddressedNotice, NoticeReport } from '../shared/notices';
import { deliverNotice } from './activity-proxies';

/** Sends one notice to one target: however long that is away, nobody else waits for it. */
export async function sendNotice(notice: AddressedNotice): Promise<NoticeReport> {
  return deliverNotice(notice);
}
