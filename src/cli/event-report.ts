import type { AcceptedEvent } from './api-types';
import type { Cli } from './cli';
import { EXIT } from './exit-codes';
import { followAll } from './follow';
import type { ApiClient } from './http';
import { cleanLine } from './text';

/** How many rules that did not match are shown unless all are asked for. */
const FEW = 10;

/** Prints what became of an event: which rules matched, and why others did not. */
export function printAccepted(cli: Cli, accepted: AcceptedEvent, { allUnmatched = false } = {}): void {
  const { event_id, duplicate, matched, executions, unmatched = { total: 0, rules: [] } } = accepted;
  const print = (line: string) => {
    cli.out.print(line);
  };
  print(`Event ${cleanLine(event_id)}: ${matched} matching, ${unmatched.total} not`);
  for (const { rule_id, reason, workflow_id } of executions) {
    print(`  ${cleanLine(`${rule_id}: ${reason}${duplicate ? '; this event had started it before' : ''}`)}`);
    print(`    ${cleanLine(workflow_id)}`);
  }
  if (matched > executions.length) print(`  and ${matched - executions.length} more`);
  const shown = unmatched.rules.slice(0, allUnmatched ? Infinity : FEW);
  for (const { rule_id, reason } of shown) print(`  ${cleanLine(`${rule_id}: no match, ${reason}`)}`);
  const hidden = unmatched.total - shown.length;
  if (hidden > 0) {
    const how = unmatched.rules.length > shown.length ? ' (--explain shows more)' : '';
    print(`  ${hidden} more did not match${how}`);
  }
}

/** Follows all executions of an event, and sets the exit code by how they ended. */
export async function followAccepted(cli: Cli, api: ApiClient, accepted: AcceptedEvent): Promise<void> {
  const { event_id, executions, matched, state } = accepted;
  const followed = executions.map(({ execution_id, rule_id }) => ({
    executionId: execution_id,
    who: cleanLine(rule_id),
  }));
  const delivered = await followAll(cli, api, followed, { mayBeLate: state === 'on_its_way' });
  const unseen = matched - executions.length;
  if (unseen > 0) {
    cli.out.note(
      `${unseen} more are not followed: rule-webhooks executions list --event ${cleanLine(event_id)}`,
    );
  }
  cli.exitCode = delivered && unseen === 0 ? EXIT.done : EXIT.failed;
}
