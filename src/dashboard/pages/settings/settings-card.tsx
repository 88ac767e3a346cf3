import { Plus } from 'lucide-preact';
import type { ComponentChildren } from 'preact';

/** A list of settings: what it is for, and the button that adds to it. */
export function SettingsCard({
  label,
  about,
  add,
  onAdd,
  children,
}: {
  label: string;
  about: ComponentChildren;
  /** What the button is called; undefined: nothing may be added. */
  add?: string | undefined;
  onAdd?: () => void;
  children: ComponentChildren;
}) {
  return (
    <section class="card" aria-label={label}>
      <div class="card-head">
        <span class="grow muted">{about}</span>
        {add !== undefined && (
          <button type="button" class="button primary" onClick={onAdd}>
            <Plus size={15} aria-hidden="true" /> {add}
          </button>
        )}
      </div>
      {children}
    </section>
  );
}
