import { textAt } from '../../rules/document';
import { useEditor } from './editor-context';
import { Field } from './field';

/** What the rule is called. */
export function NameCard() {
  const { draft, dispatch, isNew } = useEditor();
  return (
    <section class="card" aria-label="What it is called">
      <div class="card-body name-fields">
        <Field path={['name']} label="Name" hint="People read it in lists and e-mails.">
          {(props) => (
            <input
              {...props}
              class="input"
              placeholder="Score of a vendor below 80"
              value={textAt(draft.document, ['name'])}
              onInput={(event) => {
                dispatch({ do: 'name', name: event.currentTarget.value });
              }}
            />
          )}
        </Field>
        {isNew && (
          <Field path={['id']} label="Id" hint="Stays for good; made of the name until you write one.">
            {(props) => (
              <input
                {...props}
                class="input mono"
                spellcheck={false}
                value={textAt(draft.document, ['id'])}
                onInput={(event) => {
                  dispatch({ do: 'id', id: event.currentTarget.value });
                }}
              />
            )}
          </Field>
        )}
      </div>
    </section>
  );
}
