import { useInfiniteQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { ApiProblem } from '../../api/problem';
import { importScorecards, portfoliosQuery } from '../../api/scorecards';
import { Field, SelectField, TextArea } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { useToasts } from '../../ui/toasts';
import { useChange } from '../../ui/use-change';
import { problemsByLine, readScorecardCsv, type LineProblem } from './scorecard-csv';

const MAX_SHOWN = 50;

/** Many scorecards at once, from a CSV file or text. All of them, or none. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [portfolio, setPortfolio] = useState('');
  const { tell } = useToasts();
  const portfolios = useInfiniteQuery(portfoliosQuery).data?.pages.flatMap(({ items }) => items) ?? [];
  const { rows, problems } = text.trim() === '' ? { rows: [], problems: [] } : readScorecardCsv(text);
  const importing = useChange({
    change: () =>
      importScorecards(
        rows.map(({ scorecard }) => scorecard),
        portfolio === '' ? undefined : portfolio,
      ),
    touches: [['scorecards'], ['portfolios'], ['portfolio'], ['portfolio-members']],
    showsError: true,
    onDone: ({ created, updated, unchanged }) => {
      tell(`Imported: ${created} new, ${updated} changed, ${unchanged} as before.`);
      onClose();
    },
  });
  const refused =
    importing.error instanceof ApiProblem && problems.length === 0
      ? problemsByLine(importing.error.errors, rows)
      : [];
  const change = (changed: string) => {
    importing.reset();
    setText(changed);
  };
  return (
    <FormDialog
      title="Import scorecards"
      submit={rows.length === 0 ? 'Import' : `Import ${rows.length.toLocaleString()}`}
      isPending={importing.isPending}
      isReady={rows.length > 0 && problems.length === 0}
      error={refused.length > 0 ? null : importing.error}
      onClose={onClose}
      onSubmit={() => {
        importing.mutate(undefined);
      }}
    >
      <p class="muted">
        The first line names the columns: <code>id</code>, <code>domain</code>, <code>mine</code>,{' '}
        <code>followed</code>. Without an id, the domain is the id. Empty fields leave what is there as it is.
      </p>
      <Field label="CSV file">
        {(ties) => (
          <input
            {...ties}
            class="input"
            type="file"
            accept=".csv,text/csv,text/plain"
            onChange={(event) => {
              void event.currentTarget.files?.[0]?.text().then(change);
            }}
          />
        )}
      </Field>
      <TextArea
        label="Or its text"
        rows={6}
        placeholder={'id,domain,mine,followed\nacme,acme.example,no,yes'}
        value={text}
        onInput={change}
      />
      <SelectField
        label="Add all of them to a portfolio"
        value={portfolio}
        options={[
          { value: '', label: 'None' },
          ...portfolios.map(({ id, name }) => ({ value: id, label: name ?? id })),
        ]}
        onChange={setPortfolio}
      />
      <Problems problems={problems.length > 0 ? problems : refused} />
      {rows.length > 0 && problems.length === 0 && refused.length === 0 && (
        <p class="muted" role="status">
          {rows.length.toLocaleString()} {rows.length === 1 ? 'scorecard is' : 'scorecards are'} ready.
        </p>
      )}
    </FormDialog>
  );
}

function Problems({ problems }: { problems: readonly LineProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <div class="note bad" role="alert">
      <div class="stack-small">
        <b>Nothing is imported before this is mended:</b>
        {/* Scrolls, so the keyboard must reach it. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <ul class="line-problems" role="list" tabIndex={0} aria-label="Problems">
          {problems.slice(0, MAX_SHOWN).map(({ line, message }) => (
            <li key={`${line} ${message}`}>
              <b class="numeric">Line {line}</b> {message}
            </li>
          ))}
        </ul>
        {problems.length > MAX_SHOWN && <span class="faint">and {problems.length - MAX_SHOWN} more</span>}
      </div>
    </div>
  );
}
