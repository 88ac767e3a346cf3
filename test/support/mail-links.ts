import type { MailLinks } from '../../src/mail/links';

const PUBLIC_URL = 'https://rules.example.org';

/** The links of an installation that signs nothing. */
export const testLinks: MailLinks = {
  execution: (id) => `${PUBLIC_URL}/executions/${id}`,
  heldFor: (origin) => `${PUBLIC_URL}/executions?destination=${encodeURIComponent(origin)}`,
  retry: async (workspace, noticeId) => `${PUBLIC_URL}/retry/${workspace}.${noticeId}`,
};
