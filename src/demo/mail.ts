import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An execution's mail as a person reads it: its main headers, and its text part with quoted-printable undone. */
export async function readMail(folder: string, executionId: string): Promise<string> {
  const raw = await readFile(join(folder, `${executionId}.eml`), 'latin1');
  const [headers = '', ...parts] = raw.split('\r\n\r\n');
  const shown = headers.split('\r\n').filter((line) => /^(From|To|Subject|Message-ID):/i.test(line));
  // Each part has headers of its own; the text is the first, up to the next boundary.
  const [text = ''] = parts
    .slice(1)
    .join('\r\n\r\n')
    .split(/\r\n--/);
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_match, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const read = Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r\n', '\n');
  return [...shown, '', read].join('\n');
}
