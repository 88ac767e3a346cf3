import { useInfiniteQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { credentialsQuery } from '../../api/credentials';
import { putDestination, type Destination } from '../../api/destinations';
import { useMay } from '../../session-context';
import { ErrorNote } from '../../ui/feedback';
import { SelectField, TextField } from '../../ui/field';
import { useChange } from '../../ui/use-change';
import { limitsOf, textsOf, type LimitTexts } from './limits';

/** How a destination is called: with which limits, and as whom. */
export function SettingsCard({ destination }: { destination: Destination }) {
  const mayAdminister = useMay('administer');
  return (
    <section class="card" aria-labelledby="limits">
      <div class="card-head">
        <h2 id="limits">How it is called</h2>
      </div>
      <div class="card-body">
        {mayAdminister ? (
          <SettingsForm destination={destination} />
        ) : (
          <SettingsFacts destination={destination} />
        )}
      </div>
    </section>
  );
}

function SettingsForm({ destination }: { destination: Destination }) {
  const [texts, setTexts] = useState(() => textsOf(destination.limits));
  const [auth, setAuth] = useState(destination.auth ?? '');
  const [tls, setTls] = useState(destination.tls ?? '');
  const credentials = useInfiniteQuery(credentialsQuery).data?.pages.flatMap(({ items }) => items) ?? [];
  const saving = useChange({
    change: () =>
      putDestination(
        destination.origin,
        { auth: auth === '' ? null : auth, tls: tls === '' ? null : tls, limits: limitsOf(texts) },
        destination.version,
      ),
    touches: [['destination', destination.origin], ['destinations']],
    told: 'Saved. Calls from now on are made so.',
    showsError: true,
  });
  const numberField = (
    name: keyof LimitTexts,
    label: string,
    hint: string,
    bounds: { min: number; max: number; step: number | 'any' },
  ) => (
    <TextField
      label={label}
      hint={hint}
      type="number"
      {...bounds}
      value={texts[name]}
      onInput={(value) => {
        setTexts({ ...texts, [name]: value });
      }}
    />
  );
  const choices = (kept: string, fits: (kind: string) => boolean) => {
    const ids = credentials.filter(({ kind }) => fits(kind)).map(({ id }) => id);
    return [...new Set(['', kept, ...ids])].map((id) => ({ value: id, label: id === '' ? 'None' : id }));
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate(undefined);
      }}
    >
      <div class="fields">
        {numberField('max_concurrent', 'Calls at once', 'Empty: the installation’s.', {
          min: 1,
          max: 10_000,
          step: 1,
        })}
        {numberField('requests_per_second', 'Calls in a second', 'Empty: no limit.', {
          min: 0.01,
          max: 10_000,
          step: 'any',
        })}
        {numberField('burst', 'Burst', 'Empty: as in one second.', { min: 1, max: 10_000, step: 1 })}
      </div>
      <div class="fields">
        <SelectField
          label="Credential"
          hint="Unless a step names another."
          value={auth}
          options={choices(destination.auth ?? '', (kind) => kind !== 'tls')}
          onChange={setAuth}
        />
        <SelectField
          label="Client certificate"
          hint="For mutual TLS."
          value={tls}
          options={choices(destination.tls ?? '', (kind) => kind === 'tls')}
          onChange={setTls}
        />
      </div>
      {saving.error !== null && <ErrorNote error={saving.error} />}
      <div>
        <button type="submit" class="button primary" disabled={saving.isPending}>
          Save
        </button>
      </div>
    </form>
  );
}

function SettingsFacts({ destination: { limits, auth, tls } }: { destination: Destination }) {
  const facts = [
    ['Calls at once', limits.max_concurrent ?? 'the installation’s limit'],
    ['Calls in a second', limits.requests_per_second ?? 'no limit'],
    ['Burst', limits.burst ?? 'as in one second'],
    ['Credential', auth ?? 'none'],
    ['Client certificate', tls ?? 'none'],
  ] as const;
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
