import { useQuery } from '@tanstack/preact-query';
import { eventTypesQuery } from '../../api/rule-choices';
import { asText } from '../../rules/document';
import { useValue } from './editor-context';
import { Problems, useControl } from './field';
import { FilterField } from './filter-field';
import { GroupSelect } from './group-select';

const TYPE = ['event', 'type'];

/** The events of one's own that a rule listens to. */
export function EventFields() {
  const [type, setType] = useValue(TYPE);
  const known = useQuery(eventTypesQuery).data ?? [];
  const { problems: ofType, ...control } = useControl(TYPE);
  const { problems: ofGroup, ...groupControl } = useControl(['filters', 'scorecards']);
  return (
    <>
      <p class="sentence">
        When{' '}
        <input
          {...control}
          class="input inline mono"
          aria-label="Event type"
          list="event-types"
          placeholder="invoice.paid"
          spellcheck={false}
          value={asText(type)}
          onInput={(event) => {
            setType(event.currentTarget.value.trim());
          }}
        />{' '}
        arrives about <GroupSelect control={groupControl} anyLabel="anything" />
      </p>
      <datalist id="event-types">
        {known.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div class="field">
        <Problems
          id={control['aria-describedby']}
          problems={ofType}
          hint="“*” stands for one whole part, and at the end for all that follow: invoice.* fits invoice.paid."
        />
        <Problems id={groupControl['aria-describedby']} problems={ofGroup} />
      </div>
      <FilterField
        path={['event', 'filter']}
        label="And its data fits"
        field="filter"
        placeholder="amount"
        hint="Fields of the event’s data, with dots for fields within: customer.country."
      />
    </>
  );
}
