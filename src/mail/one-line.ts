/**
 * What ends a line or turns its direction: controls (CR, LF, NUL, …), line and paragraph separators, bidirectional
 * marks, embeddings, overrides and isolates, the byte order mark, and halves of surrogate pairs.
 */
const NOT_IN_ONE_LINE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]+/gu;

/**
 * Makes text from elsewhere fit into one line of a mail: each run of characters that could start another line or
 * reorder this one becomes a space, and what is longer than `maxLength` ends in "…".
 *
 * @param maxLength Characters (code points) of the result, the "…" included; at least 1.
 */
export function oneLine(text: string, maxLength: number): string {
  const line = text.replace(NOT_IN_ONE_LINE, ' ').trim();
  // A code point has at most two UTF-16 units: what lies beyond cannot matter, and is not worth spreading.
  const characters = Array.from(line.slice(0, 2 * (maxLength + 1)));
  return characters.length <= maxLength ? line : `${characters.slice(0, maxLength - 1).join('')}…`;
}
