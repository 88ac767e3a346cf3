import { domainToASCII } from 'node:url';
import { isMailAddress } from '../shared/mail-address';
import type { MailAddress } from './message';
import { oneLine } from './one-line';

/** Nothing in it matches a part of the text in two ways, so it takes time in proportion to the text. */
const NAMED = /^([^<>]*)<([^<>]+)>$/;

/**
 * Reads what an operator sets as the sender: `rules@example.com`, `Rule Builder <rules@example.com>`.
 *
 * @throws TypeError when it is neither.
 */
export function parseMailbox(text: string): MailAddress {
  const [, before = '', address = text] = NAMED.exec(text.trim()) ?? [];
  const name = before.trim().replace(/^"|"$/g, '');
  if (name.includes('"')) throw notAnAddress(text);
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
  const domain = isMailAddress(address) && domainToASCII(address.split('@')[1] ?? '');
  if (!domain) throw notAnAddress(address);
  return domain;
}

export function notAnAddress(text: string): TypeError {
  return new TypeError(`${JSON.stringify(oneLine(text, 100))} is not an e-mail address`);
}

/** An address whose name fills one line and no more. @param maxLength of the name. Characters */
export function cleanlyNamed({ name, address }: MailAddress, maxLength: number): MailAddress {
  return name === undefined ? { address } : { name: oneLine(name, maxLength), address };
}
