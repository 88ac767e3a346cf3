import { domainToASCII } from 'node:url';
import type { MailAddress } from './message';
import { oneLine } from './one-line';

/** RFC 5321's longest path, less its angle brackets. Characters. */
const MAX_ADDRESS_LENGTH = 254;

/** The local part and the domain, without whatever would need quoting: those forms serve attacks more than people. */
const ADDRESS = /^[^\s\p{C}@<>()[\]",:;\\]+@([^\s\p{C}@<>()[\]",:;\\]+)$/u;

const NAMED = /^"?([^"<>]*?)"?\s*<([^<>]+)>$/;

/**
 * Reads what an operator sets as the sender: `rules@example.com`, `Rule Builder <rules@example.com>`.
 *
 * @throws TypeError when it is neither.
 */
export function parseMailbox(text: string): MailAddress {
  const [, name, address = text] = NAMED.exec(text.trim()) ?? [];
  const mailbox = { ...(name && { name }), address: address.trim() };
  domainOf(mailbox);
  return mailbox;
}

/**
 * The domain of an address, in ASCII.
 *
 * @throws TypeError when the address is not `local@domain` of at most 254 characters.
 */
export function domainOf({ address }: MailAddress): string {
  const domain = address.length <= MAX_ADDRESS_LENGTH && domainToASCII(ADDRESS.exec(address)?.[1] ?? '');
  if (!domain) throw new TypeError(`${JSON.stringify(oneLine(address, 100))} is not an e-mail address`);
  return domain;
}
