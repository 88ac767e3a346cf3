/** What stands in queries beside metrics and labels. */
const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan', 'ignoring', 'on']);

/** The names in a query, as far as they are to be found in a scrape. */
export interface NamesInQuery {
  metrics: string[];
  labels: string[];
}

/** Finds the metrics that a query is about, and the labels by which it selects and groups. */
export function namesIn(query: string): NamesInQuery {
  const labels: string[] = [];
  const note = (names: string) => {
    labels.push(...names.split(',').flatMap((name) => name.trim() || []));
    return ' ';
  };
  const rest = query
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g, (_all, names: string) =>
      note(names),
    )
    .replace(/\{([^}]*)\}/g, (_all, matchers: string) => note(matchers.replaceAll(/\s*[=!]~?=?\s*""/g, '')))
    .replace(/\[[^\]]*\]/g, ' ');
  const metrics = [...rest.matchAll(/[A-Za-z_:][\w:]*(?!\w)(?!\s*\()/g)].map(([name]) => name);
  return {
    metrics: [...new Set(metrics.filter((name) => !WORDS.has(name.toLowerCase())))],
    labels: [...new Set(labels)],
  };
}
