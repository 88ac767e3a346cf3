import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Dialog } from './dialog';
import { ErrorNote } from './feedback';

/** A dialog that asks for something, or asks again before something is done. Why it could not be done is said in it. */
export function FormDialog({
  title,
  submit,
  dismiss = 'Cancel',
  isDangerous = false,
  isPending,
  isReady = true,
  error,
  onClose,
  onSubmit,
  children,
}: {
  title: string;
  /** What the button that does it is called. */
  submit: string;
  dismiss?: string;
  isDangerous?: boolean;
  isPending: boolean;
  /** Whether there is all that it takes. */
  isReady?: boolean;
  /** Null: nothing went wrong. */
  error: unknown;
  onClose: () => void;
  onSubmit: () => void;
  children: ComponentChildren;
}) {
  const form = useId();
  return (
    <Dialog
      title={title}
      onClose={onClose}
      foot={
        <>
          <button type="button" class="button" onClick={onClose}>
            {dismiss}
          </button>
          <button
            type="submit"
            form={form}
            class={`button primary ${isDangerous ? 'danger' : ''}`}
            disabled={isPending || !isReady}
          >
            {submit}
          </button>
        </>
      }
    >
      <form
        id={form}
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        {error !== null && error !== undefined && <ErrorNote error={error} />}
      </form>
    </Dialog>
  );
}
