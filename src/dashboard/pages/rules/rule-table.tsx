import { Link } from 'wouter-preact';
import type { StoredRule } from '../../api/rules';
import { textAt } from '../../rules/document';
import { RuleOwner } from '../../rules/rule-owner';
import { RuleState } from '../../rules/rule-state';
import { useSentence } from '../../rules/use-sentence';
import { Time } from '../../ui/time';

/** A row for each rule; the whole of it leads to the rule. */
export function RuleTable({ rules }: { rules: readonly StoredRule[] }) {
  const sentence = useSentence();
  return (
    <div class="table-wrap">
      <table class="list stacks">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Owner</th>
            <th scope="col">State</th>
            <th scope="col" class="end">
              Version
            </th>
            <th scope="col" class="end">
              Last edit
            </th>
          </tr>
        </thead>
        <tbody>
          {rules.map(({ id, document, version, updated_at: updatedAt }) => (
            <tr key={id} class="is-clickable">
              <td>
                <div class="rule-cell">
                  <Link href={`/rules/${id}`} class="row-link rule-name">
                    {textAt(document, ['name'])}
                  </Link>
                  <span class="muted">{sentence(document)}</span>
                </div>
              </td>
              <td data-label="Owner">
                <RuleOwner document={document} />
              </td>
              <td>
                <RuleState document={document} />
              </td>
              <td class="end numeric muted" data-label="Version">
                {version}
              </td>
              <td class="end muted" data-label="Edited">
                <Time at={updatedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
