/** For what links in mails are signed. Another one would make worthless those that are on their way. */
export const RETRY_LINK = 'rule-webhooks retry link v1';

/** How long a link in a mail works: a holiday. Milliseconds. */
export const RETRY_LINK_MS = 14 * 86_400_000;

/** What a link lets whoever has it do: have the executions that a notice told of restarted. */
export interface RetryGrant {
  workspace: string;
  noticeId: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** A grant as it is signed. */
export function textOfGrant({ workspace, noticeId, expiresAt }: RetryGrant): string {
  return JSON.stringify([workspace, noticeId, expiresAt]);
}

/** @param text that `textOfGrant` made, of which the signature is a proof */
export function grantOf(text: string): RetryGrant {
  const [workspace, noticeId, expiresAt] = JSON.parse(text) as [string, string, number];
  return { workspace, noticeId, expiresAt };
}
