import { useState } from 'preact/hooks';

/** Which of a list's records a dialog is open for. */
export interface Asked<T> {
  /** Of the record that is edited, or of a new one; undefined: there is none. */
  form: { record: T | undefined } | undefined;
  /** Whether to remove this is being asked. */
  removed: T | undefined;
  add: () => void;
  edit: (record: T) => void;
  remove: (record: T) => void;
  close: () => void;
}

/** Keeps which dialog of a list is open: at most one. */
export function useAsked<T>(): Asked<T> {
  const [open, setOpen] = useState<Pick<Asked<T>, 'form' | 'removed'>>();
  return {
    form: open?.form,
    removed: open?.removed,
    add: () => {
      setOpen({ form: { record: undefined }, removed: undefined });
    },
    edit: (record) => {
      setOpen({ form: { record }, removed: undefined });
    },
    remove: (record) => {
      setOpen({ form: undefined, removed: record });
    },
    close: () => {
      setOpen(undefined);
    },
  };
}
