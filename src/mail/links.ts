/** Where the links in mails lead. */
export interface MailLinks {
  execution(executionId: string): string;
  /** Those that are held for a destination. @param origin of it */
  heldFor(origin: string): string;
  /**
   * The page that asks whether what a notice told of is to be restarted. Whoever has the link may do that: it stands in mails,
   * and nowhere else.
   *
   * @throws StoreAwayError; SecretUnreadableError
   */
  retry(workspace: string, noticeId: string): Promise<string>;
}
