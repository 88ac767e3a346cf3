/** An execution's id, also when somebody gives its workflow's id, as Temporal's pages show it. */
export function executionIdIn(text: string): string {
  return text.replace(/^rule-execution\//, '');
}
