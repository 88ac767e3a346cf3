/** Of every mail: RFC 3834, and what Exchange and Outlook heed instead. Without them an out-of-office note answers each. */
export const AUTOMATIC_HEADERS: Readonly<Record<string, string>> = {
  'Auto-Submitted': 'auto-generated',
  'X-Auto-Response-Suppress': 'OOF, AutoReply',
};
