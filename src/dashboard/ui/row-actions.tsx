import { Pencil, Trash2 } from 'lucide-preact';
import '../styles/row-actions.css';

/** What may be done to a row. @param name of what the row is about, for those who do not see the row */
export function RowActions({
  name,
  onEdit,
  onRemove,
}: {
  name: string;
  onEdit?: () => void;
  onRemove: () => void;
}) {
  return (
    <span class="row-actions above-row">
      {onEdit !== undefined && (
        <button
          type="button"
          class="button quiet small icon-button"
          aria-label={`Edit ${name}`}
          onClick={onEdit}
        >
          <Pencil size={15} aria-hidden="true" />
        </button>
      )}
      <button
        type="button"
        class="button quiet small icon-button"
        aria-label={`Remove ${name}`}
        onClick={onRemove}
      >
        <Trash2 size={15} aria-hidden="true" />
      </button>
    </span>
  );
}

/** The head of a table's column of buttons. */
export function ActionsHead() {
  return (
    <th scope="col">
      <span class="visually-hidden">Actions</span>
    </th>
  );
}
