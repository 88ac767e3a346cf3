import { useQuery } from '@tanstack/preact-query';
import { channelsQuery, membersQuery } from '../../api/rule-choices';
import { textAt, valueAt, withValue } from '../../rules/document';
import { fitsLine, recipientLine, recipientsOf } from '../../rules/recipients';
import { useEditor, useValue } from './editor-context';
import { Field } from './field';
import { TextField } from './text-field';
import { useWritten } from './use-written';

/** Who is told when nothing helped, and how. */
export function OwnerCard() {
  return (
    <section class="card" aria-labelledby="owner">
      <div class="card-head">
        <h2 id="owner">Who is told in the end</h2>
      </div>
      <div class="card-body stack">
        <Owner />
        <div class="fields">
          <TextField
            path={['notify', 'digest']}
            label="Gather further e-mails for"
            placeholder="1h"
            isMono
            isOptional
            hint="After one of its own. 0: each failure has its own. Empty: as the installation says."
          />
          <Recipients />
        </div>
        <Channels />
      </div>
    </section>
  );
}

function Owner() {
  const { draft } = useEditor();
  const [owner, setOwner] = useValue(['owner']);
  const members = useQuery(membersQuery).data ?? [];
  const memberId = textAt(owner, ['member']);
  const isMember = valueAt(owner, ['member']) !== undefined;
  const isOffered = members.some(({ id }) => id === memberId);
  return (
    <>
      <fieldset class="choices">
        <legend class="visually-hidden">Owner</legend>
        <label class="choice">
          <input
            type="radio"
            name="owner"
            checked={!isMember}
            onChange={() => {
              const member = members.find(({ id }) => id === memberId);
              setOwner(member === undefined ? { email: '' } : { name: member.name, email: member.email });
            }}
          />
          An e-mail address
        </label>
        <label class="choice">
          <input
            type="radio"
            name="owner"
            checked={isMember}
            onChange={() => {
              const email = textAt(draft.document, ['owner', 'email']);
              const member = members.find((each) => each.email === email) ?? members[0];
              setOwner({ member: member?.id ?? '' });
            }}
          />
          A member of this workspace
        </label>
      </fieldset>
      {isMember ? (
        <Field
          path={['owner', 'member']}
          label="Member"
          hint={
            members.length === 0
              ? 'There are no members yet: add some in the settings.'
              : 'At the address that the member has when the e-mail goes out.'
          }
        >
          {(props) => (
            <select
              {...props}
              class="input"
              value={memberId}
              onChange={(event) => {
                setOwner({ member: event.currentTarget.value });
              }}
            >
              {!isOffered && <option value={memberId}>{memberId}</option>}
              {members.map(({ id, name, email }) => (
                <option key={id} value={id}>
                  {name} ({email})
                </option>
              ))}
            </select>
          )}
        </Field>
      ) : (
        <div class="fields">
          <TextField path={['owner', 'email']} label="E-mail" type="email" placeholder="ada@example.com" />
          <TextField path={['owner', 'name']} label="Name (optional)" isOptional />
        </div>
      )}
    </>
  );
}

function Recipients() {
  const path = ['notify', 'recipients'];
  const [value, setValue] = useValue(path);
  const [line, setLine] = useWritten<string>(value, recipientLine, recipientsOf, setValue);
  if (!fitsLine(value)) return null;
  return (
    <Field
      path={path}
      label="Also e-mail to"
      hint="Addresses, and members by their ids as @ada; with commas."
    >
      {(props) => (
        <input
          {...props}
          class="input"
          spellcheck={false}
          placeholder="soc@example.com, @grace"
          value={line}
          onInput={(event) => {
            setLine(event.currentTarget.value);
          }}
        />
      )}
    </Field>
  );
}

function Channels() {
  const { draft, dispatch } = useEditor();
  const channels = useQuery(channelsQuery).data ?? [];
  const value = valueAt(draft.document, ['notify', 'channels']);
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const offered = [...new Set([...channels.map(({ id }) => id), ...chosen])];
  if (offered.length === 0) return null;
  const toggle = (id: string) => {
    const next = chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id];
    dispatch({
      do: 'change',
      change: (document) => withValue(document, ['notify', 'channels'], next.length === 0 ? undefined : next),
    });
  };
  return (
    <div class="stack-small">
      <span class="label" id="channels">
        And these channels
      </span>
      <div class="chips" role="group" aria-labelledby="channels" data-path="notify.channels">
        {offered.map((id) => (
          <button
            key={id}
            type="button"
            class="chip outlined"
            aria-pressed={chosen.includes(id)}
            onClick={() => {
              toggle(id);
            }}
          >
            {id}
          </button>
        ))}
      </div>
    </div>
  );
}
