import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/preact-query';
import type { ComponentChildren } from 'preact';
import type { Page } from '../api/types';
import { Listing } from './listing';
import { ActionsHead, RowActions } from './row-actions';
import type { Asked } from './use-asked';

/** A table of records, each with buttons to edit and to remove it for those who may, and their dialogs. */
export function EditableList<T>({
  list,
  empty,
  head,
  rowClass,
  idOf,
  nameOf,
  mayChange,
  asked,
  form,
  removal,
  children,
}: {
  list: UseInfiniteQueryResult<InfiniteData<Page<T>>>;
  empty: ComponentChildren;
  /** Its columns. */
  head: ComponentChildren;
  rowClass?: string;
  idOf: (record: T) => string;
  /** As people call it. */
  nameOf: (record: T) => string;
  mayChange: boolean;
  asked: Asked<T>;
  /** The dialog that edits one; of undefined, that of a new one. */
  form: (record: T | undefined) => ComponentChildren;
  /** The dialog that asks before one is removed. */
  removal: (record: T) => ComponentChildren;
  /** The cells of a row. */
  children: (record: T) => ComponentChildren;
}) {
  return (
    <>
      <Listing list={list} empty={empty}>
        {(records) => (
          <div class="table-wrap">
            <table class="list stacks">
              <thead>
                <tr>
                  {head}
                  {mayChange && <ActionsHead />}
                </tr>
              </thead>
              <tbody>
                {records.map((record) => (
                  <tr key={idOf(record)} class={rowClass}>
                    {children(record)}
                    {mayChange && (
                      <td class="actions-cell">
                        <RowActions
                          name={nameOf(record)}
                          onEdit={() => {
                            asked.edit(record);
                          }}
                          onRemove={() => {
                            asked.remove(record);
                          }}
                        />
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Listing>
      {asked.form !== undefined && form(asked.form.record)}
      {asked.removed !== undefined && removal(asked.removed)}
    </>
  );
}
