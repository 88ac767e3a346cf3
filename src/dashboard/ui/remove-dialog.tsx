import type { ComponentChildren } from 'preact';
import { FormDialog } from './form-dialog';
import { useChange } from './use-change';

/** Asks again before something is removed. */
export function RemoveDialog({
  title,
  submit = 'Remove it',
  remove,
  touches,
  told,
  onClose,
  children,
}: {
  title: string;
  submit?: string;
  remove: () => Promise<unknown>;
  touches: readonly (readonly string[])[];
  told: string;
  onClose: () => void;
  /** What it means. */
  children: ComponentChildren;
}) {
  const removing = useChange({ change: remove, touches, told, showsError: true, onDone: onClose });
  return (
    <FormDialog
      title={title}
      submit={submit}
      isDangerous
      isPending={removing.isPending}
      error={removing.error}
      onClose={onClose}
      onSubmit={() => {
        removing.mutate(undefined);
      }}
    >
      {children}
    </FormDialog>
  );
}
