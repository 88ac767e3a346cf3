import { eventSchema } from '../rules/event';
import { problemsOf, type Problem } from '../rules/problems';
import { validateRulebookDocument } from '../rules/rulebook-document';
import { RulebookError } from '../rules/rulebook-error';
import { BadInputError } from './errors';
import { problemLines, type Locate } from './problem';

/**
 * Checks an event, and rules that are applied before it is sent, as the service would: so that nothing is begun of which the
 * rest cannot be done.
 *
 * @throws BadInputError with a line for each problem
 */
export function checkLocally(
  event: { text: string; locate: Locate },
  rulebook?: { document: unknown; locate: Locate },
): void {
  const parsed = eventSchema.safeParse(JSON.parse(event.text));
  const lines = [
    ...(parsed.success ? [] : problemLines(problemsOf(parsed.error), event.locate)),
    ...(rulebook ? problemLines(problemsIn(rulebook.document), rulebook.locate) : []),
  ];
  if (lines.length > 0) throw new BadInputError(lines.join('\n'));
}

function problemsIn(document: unknown): readonly Problem[] {
  try {
    validateRulebookDocument(document);
    return [];
  } catch (error) {
    if (error instanceof RulebookError) return error.problems;
    throw error;
  }
}
