import { useState } from 'preact/hooks';
import { putScorecard, type Scorecard } from '../../api/scorecards';
import { MAX_SCORECARD_LENGTH } from '../../../shared/limits';
import { Checkbox, TextField } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { useChange } from '../../ui/use-change';

/** @param scorecard the one that is edited; undefined: a new one */
export function ScorecardDialog({
  scorecard,
  onClose,
}: {
  scorecard: Scorecard | undefined;
  onClose: () => void;
}) {
  const [id, setId] = useState(scorecard?.id ?? '');
  const [domain, setDomain] = useState(scorecard?.domain ?? '');
  const [mine, setMine] = useState(scorecard?.mine ?? false);
  const [followed, setFollowed] = useState(scorecard?.followed ?? true);
  const saving = useChange({
    change: () =>
      putScorecard(
        id.trim() === '' ? domain.trim() : id.trim(),
        { domain: domain.trim() === '' ? null : domain.trim(), mine, followed },
        scorecard?.version,
      ),
    touches: [['scorecards'], ['portfolio-members']],
    told: 'Saved.',
    showsError: true,
    onDone: onClose,
  });
  return (
    <FormDialog
      title={scorecard === undefined ? 'Add a scorecard' : `Edit ${scorecard.id}`}
      submit="Save"
      isPending={saving.isPending}
      isReady={id.trim() !== '' || domain.trim() !== ''}
      error={saving.error}
      onClose={onClose}
      onSubmit={() => {
        saving.mutate(undefined);
      }}
    >
      <TextField
        label="Domain"
        placeholder="acme.example"
        maxLength={MAX_SCORECARD_LENGTH}
        value={domain}
        onInput={setDomain}
      />
      <TextField
        label="Id"
        hint={scorecard === undefined ? 'As events name it. Empty: the domain.' : 'An id stays as it is.'}
        maxLength={MAX_SCORECARD_LENGTH}
        disabled={scorecard !== undefined}
        value={id}
        onInput={setId}
      />
      <Checkbox label="Mine: a company of your own" isChecked={mine} onChange={setMine} />
      <Checkbox label="Followed: a company that you watch" isChecked={followed} onChange={setFollowed} />
    </FormDialog>
  );
}
