/** Looks at URLs before a rule or credential that names them is saved. */
export interface UrlCheck {
  /**
   * Why each URL would not be called, in the order in which they were given; undefined for one that would be, as far as
   * it can be known now: whoever does not resolve is vetted at each attempt anyway. Takes 3 s at most. Never throws.
   *
   * @param urls as they were written, or in the form that `webhookUrlSchema` gives them
   */
  refusals(urls: readonly string[]): Promise<(string | undefined)[]>;
}
