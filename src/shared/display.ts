/** Text from elsewhere, as one line of Markdown in which nothing is markup, for a table's cell too. */
export function markdownText(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\|*_~`<>[\]]/g, '\\$&');
}

/** A URL as people are shown it: a query may hold a token, and says little. */
export function displayUrl(url: string): string {
  return url.replace(/[?#].*$/s, '');
}
