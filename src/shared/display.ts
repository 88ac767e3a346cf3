/** Text from elsewhere, as one line of Markdown in which nothing is markup, for a table's cell too. */
export function markdownText(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\|*_~`<>[\]]/g, '\\$&');
}

/** A URL as people are shown it: a query may hold a token, and says little. */
export function displayUrl(url: string): string {
  return url.replace(/[?#].*$/s, '');
}

/** The length of a text in UTF-8. Bytes. Of our own, because the workflow sandbox has neither Buffer nor TextEncoder. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const surrogate = unit >= 0xd800 && unit <= 0xdfff;
    bytes += unit < 0x80 ? 1 : unit < 0x800 || surrogate ? 2 : 3;
  }
  return bytes;
}

/** A text that takes at most `maxBytes` in UTF-8; what is longer ends in "…". */
export function clipped(text: string, maxBytes: number): string {
  if (utf8Length(text) <= maxBytes) return text;
  let kept = '';
  let bytes = utf8Length('…');
  for (const character of text) {
    bytes += utf8Length(character);
    if (bytes > maxBytes) break;
    kept += character;
  }
  return `${kept}…`;
}
