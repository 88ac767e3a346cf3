import type { KeptBody } from '../shared/called-webhook';

/** The text of a kept body that is `json` or `text`. */
export function keptText({ base64, data }: KeptBody): string {
  return base64 ? Buffer.from(data, 'base64').toString('utf8') : data;
}
