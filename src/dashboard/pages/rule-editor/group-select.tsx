import { useQuery } from '@tanstack/preact-query';
import { portfoliosQuery } from '../../api/rule-choices';
import { groupOf, withGroup } from '../../rules/trigger';
import { useEditor } from './editor-context';
import type { ControlProps } from './field';

/** The group of scorecards, within a sentence. @param anyLabel offered when a rule may have none */
export function GroupSelect({ control, anyLabel }: { control: ControlProps; anyLabel?: string }) {
  const { draft, dispatch } = useEditor();
  const portfolios = useQuery(portfoliosQuery);
  const group = groupOf(draft.document);
  const offered = portfolios.data ?? [];
  const isOffered = offered.some(({ id }) => group === `portfolio:${id}`);
  return (
    <select
      {...control}
      class="input inline"
      aria-label="Scorecards"
      value={group}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        dispatch({ do: 'change', change: (document) => withGroup(document, chosen) });
      }}
    >
      {anyLabel !== undefined && <option value="">{anyLabel}</option>}
      <option value="my_scorecard">my scorecard</option>
      <option value="followed">all followed scorecards</option>
      <optgroup label="A portfolio">
        {offered.map(({ id, name }) => (
          <option key={id} value={`portfolio:${id}`}>
            the portfolio {name}
          </option>
        ))}
        {group.startsWith('portfolio:') && !isOffered && (
          <option value={group}>the portfolio {group.slice('portfolio:'.length)}</option>
        )}
      </optgroup>
    </select>
  );
}
