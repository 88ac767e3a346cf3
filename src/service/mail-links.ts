import type { MailLinks } from '../mail/links';
import { executionPage, executionsPage, retryPage } from '../shared/public-links';
import { RETRY_LINK, RETRY_LINK_MS, textOfGrant } from '../shared/retry-grant';
import type { SignedTexts } from '../store/store';

/** The links in this installation's mails. @param publicUrl where people open it, without a slash at its end */
export function mailLinks(publicUrl: string, signedTexts: Pick<SignedTexts, 'sign'>): MailLinks {
  return {
    execution: (id) => executionPage(publicUrl, id),
    heldFor: (destination) => executionsPage(publicUrl, { status: 'held', destination }),
    async retry(workspace, noticeId) {
      const grant = { workspace, noticeId, expiresAt: Date.now() + RETRY_LINK_MS };
      return retryPage(publicUrl, await signedTexts.sign(RETRY_LINK, textOfGrant(grant)));
    },
  };
}
