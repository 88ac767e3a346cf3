import { useState } from 'preact/hooks';
import { addToPortfolio } from '../../api/scorecards';
import { TextArea } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { useChange } from '../../ui/use-change';
import { idsIn } from './ids-in';

export function AddMembersDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const [text, setText] = useState('');
  const ids = idsIn(text);
  const adding = useChange({
    change: () => addToPortfolio(id, ids),
    touches: [['portfolio', id], ['portfolio-members', id], ['portfolios'], ['scorecards']],
    told: 'Added.',
    showsError: true,
    onDone: onClose,
  });
  return (
    <FormDialog
      title="Add scorecards"
      submit={ids.length === 0 ? 'Add' : `Add ${ids.length.toLocaleString()}`}
      isPending={adding.isPending}
      isReady={ids.length > 0}
      error={adding.error}
      onClose={onClose}
      onSubmit={() => {
        adding.mutate(undefined);
      }}
    >
      <TextArea
        label="Ids of scorecards"
        hint="One on each line. Those that are not known are created."
        rows={8}
        required
        placeholder={'acme.example\nglobex.example'}
        value={text}
        onInput={setText}
      />
    </FormDialog>
  );
}
