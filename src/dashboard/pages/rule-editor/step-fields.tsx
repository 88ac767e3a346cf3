import { useQuery } from '@tanstack/preact-query';
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { credentialsQuery } from '../../api/rule-choices';
import { textAt, valueAt } from '../../rules/document';
import { stepId } from '../../rules/steps';
import { METHODS } from '../../rules/words';
import { useEditor, useValue } from './editor-context';
import { Field } from './field';
import { FilterField } from './filter-field';
import { HeadersField } from './headers-field';
import { JsonField } from './json-field';
import { TextField } from './text-field';

/** Those with which a step shows more than its URL from the beginning. */
const SHOWN_WHEN_SET = ['if', 'headers', 'auth', 'tls', 'body', 'on_oversize'];

/** One step: what it calls, how, and when. */
export function StepFields({ index, count }: { index: number; count: number }) {
  const { draft, dispatch } = useEditor();
  const step = valueAt(draft.document, ['steps', index]);
  const at = (key: string) => ['steps', index, key];
  const id = stepId(step, index);
  const [isOpen] = useState(() => SHOWN_WHEN_SET.some((key) => valueAt(step, [key]) !== undefined));
  const move = (to: number, focus: string) => {
    dispatch({ do: 'move-step', from: index, to });
    // The button that was pressed is now another step's.
    requestAnimationFrame(() => {
      const wanted = document.getElementById(`step-${to}-${focus}`) as HTMLButtonElement | null;
      if (wanted?.disabled === false) wanted.focus();
      else document.getElementById(`step-${to}-${focus === 'up' ? 'down' : 'up'}`)?.focus();
    });
  };
  return (
    <li class="edit-step">
      <section aria-label={`Step ${index + 1}`}>
        <div class="row edit-step-head">
          <span class="step-number" aria-hidden="true">
            {index + 1}
          </span>
          <b class="grow">{id}</b>
          <button
            type="button"
            id={`step-${index}-up`}
            class="button quiet small icon-button"
            aria-label={`Move step ${index + 1} up`}
            disabled={index === 0}
            onClick={() => {
              move(index - 1, 'up');
            }}
          >
            <ArrowUp size={15} aria-hidden="true" />
          </button>
          <button
            type="button"
            id={`step-${index}-down`}
            class="button quiet small icon-button"
            aria-label={`Move step ${index + 1} down`}
            disabled={index === count - 1}
            onClick={() => {
              move(index + 1, 'down');
            }}
          >
            <ArrowDown size={15} aria-hidden="true" />
          </button>
          <button
            type="button"
            class="button quiet small icon-button danger"
            aria-label={`Remove step ${index + 1}`}
            disabled={count === 1}
            onClick={() => {
              dispatch({ do: 'remove-step', index });
            }}
          >
            <Trash2 size={15} aria-hidden="true" />
          </button>
        </div>
        <div class="stack">
          <div class="method-and-url">
            <MethodField index={index} />
            <TextField
              path={at('url')}
              label="URL"
              type="url"
              isMono
              placeholder="https://hooks.example.com/tickets"
            />
          </div>
          <details open={isOpen}>
            <summary>Condition, headers, body, authentication</summary>
            <div class="stack step-more">
              <FilterField
                path={at('if')}
                label="Only if"
                step={index}
                field="if"
                placeholder={index === 0 ? 'trigger.type' : 'steps.step-1.response.body.risk'}
                hint="Over event, trigger, webhooks and steps.<id>.response. When it does not hold, the step is skipped."
              />
              <HeadersField step={index} />
              {textAt(step, ['method']) !== 'GET' && (
                <JsonField
                  path={at('body')}
                  label="Body (JSON template)"
                  step={index}
                  field="body"
                  placeholder={'{ "text": "{{ event.domain }} fell to {{ trigger.current.score }}" }'}
                  hint={
                    <>
                      Texts may hold <code>{'{{ … }}'}</code>. Empty: the body that receivers of the original
                      know.
                    </>
                  }
                />
              )}
              <div class="fields">
                <CredentialField index={index} field="auth" />
                <CredentialField index={index} field="tls" />
                <OversizeField index={index} />
                <TextField
                  path={at('id')}
                  label="Step id"
                  isMono
                  isOptional
                  hint="Waiting executions find their step by it."
                />
              </div>
            </div>
          </details>
        </div>
      </section>
    </li>
  );
}

function MethodField({ index }: { index: number }) {
  const [method, setMethod] = useValue(['steps', index, 'method']);
  return (
    <Field path={['steps', index, 'method']} label="Method">
      {(props) => (
        <select
          {...props}
          class="input"
          value={typeof method === 'string' ? method : 'POST'}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setMethod(value === 'POST' ? undefined : value);
          }}
        >
          {METHODS.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
    </Field>
  );
}

const CREDENTIAL_FIELDS = {
  auth: { label: 'Authentication', hint: 'The credential that the call carries.' },
  tls: { label: 'Client certificate', hint: 'The credential that it connects with.' },
} as const;

function CredentialField({ index, field }: { index: number; field: keyof typeof CREDENTIAL_FIELDS }) {
  const path = ['steps', index, field];
  const [value, setValue] = useValue(path);
  const credentials = useQuery(credentialsQuery);
  const chosen = typeof value === 'string' ? value : '';
  const fitting = (credentials.data ?? []).filter(({ kind }) => (kind === 'tls') === (field === 'tls'));
  const { label, hint } = CREDENTIAL_FIELDS[field];
  return (
    <Field path={path} label={label} hint={hint}>
      {(props) => (
        <select
          {...props}
          class="input"
          value={chosen}
          onChange={(event) => {
            setValue(event.currentTarget.value === '' ? undefined : event.currentTarget.value);
          }}
        >
          <option value="">As the destination says</option>
          {fitting.map(({ id, kind }) => (
            <option key={id} value={id}>
              {id} ({kind.replace('_', ' ')})
            </option>
          ))}
          {chosen !== '' && !fitting.some(({ id }) => id === chosen) && (
            <option value={chosen}>{chosen}</option>
          )}
        </select>
      )}
    </Field>
  );
}

function OversizeField({ index }: { index: number }) {
  const path = ['steps', index, 'on_oversize'];
  const [value, setValue] = useValue(path);
  return (
    <Field path={path} label="An answer above 100 KB" hint="Later steps get what was kept of it.">
      {(props) => (
        <select
          {...props}
          class="input"
          value={value === 'fail' ? 'fail' : 'truncate'}
          onChange={(event) => {
            setValue(event.currentTarget.value === 'fail' ? 'fail' : undefined);
          }}
        >
          <option value="truncate">is cut off</option>
          <option value="fail">counts as failed</option>
        </select>
      )}
    </Field>
  );
}
