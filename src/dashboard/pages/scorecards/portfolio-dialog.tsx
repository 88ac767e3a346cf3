import { useState } from 'preact/hooks';
import { putPortfolio, type Portfolio } from '../../api/scorecards';
import { MAX_NAME_LENGTH } from '../../../shared/limits';
import { TextField } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { useChange } from '../../ui/use-change';

/** @param portfolio the one that is renamed; undefined: a new one */
export function PortfolioDialog({
  portfolio,
  onClose,
}: {
  portfolio: Portfolio | undefined;
  onClose: () => void;
}) {
  const [id, setId] = useState(portfolio?.id ?? '');
  const [name, setName] = useState(portfolio?.name ?? '');
  const saving = useChange({
    change: () => putPortfolio(id.trim(), name.trim() === '' ? null : name.trim(), portfolio?.version),
    touches: [['portfolios'], ['portfolio']],
    told: 'Saved.',
    showsError: true,
    onDone: onClose,
  });
  return (
    <FormDialog
      title={portfolio === undefined ? 'Add a portfolio' : `Edit ${portfolio.name ?? portfolio.id}`}
      submit="Save"
      isPending={saving.isPending}
      isReady={id.trim() !== ''}
      error={saving.error}
      onClose={onClose}
      onSubmit={() => {
        saving.mutate(undefined);
      }}
    >
      <TextField
        label="Id"
        hint={portfolio === undefined ? 'As rules name it. It stays as it is.' : 'An id stays as it is.'}
        placeholder="critical-vendors"
        required
        maxLength={MAX_NAME_LENGTH}
        disabled={portfolio !== undefined}
        value={id}
        onInput={setId}
      />
      <TextField
        label="Name (optional)"
        placeholder="Critical vendors"
        maxLength={MAX_NAME_LENGTH}
        value={name}
        onInput={setName}
      />
    </FormDialog>
  );
}
