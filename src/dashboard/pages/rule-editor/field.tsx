import type { ComponentChildren } from 'preact';
import { pathText, type Path } from '../../rules/document';
import { problemsAt } from '../../rules/problems';
import { useEditor } from './editor-context';

/** What a control of a form needs to be one with its label, its hint and its problems. */
export interface ControlProps {
  id: string;
  'data-path': string;
  'aria-invalid': boolean;
  'aria-describedby': string;
}

export function useControl(path: Path): ControlProps & { problems: string[] } {
  const { problems } = useEditor();
  const at = pathText(path);
  const id = `rule-${at.replace(/[^\w-]+/g, '-')}`;
  const found = problemsAt(problems, path).map(({ path: where, message }) =>
    where === at ? message : `${where.slice(at.length).replace(/^\./, '')} ${message}`,
  );
  return {
    id,
    'data-path': at,
    'aria-invalid': found.length > 0,
    'aria-describedby': `${id}-about`,
    problems: found,
  };
}

/** A field with its label, and what the service finds wrong with what is in it. */
export function Field({
  path,
  label,
  hint,
  children,
}: {
  path: Path;
  label: string;
  hint?: ComponentChildren;
  children: (props: ControlProps) => ComponentChildren;
}) {
  const { problems, ...props } = useControl(path);
  return (
    <div class="field">
      <label for={props.id}>{label}</label>
      {children(props)}
      <Problems id={props['aria-describedby']} problems={problems} hint={hint} />
    </div>
  );
}

/** The problems of a field, or its hint while there are none. */
export function Problems({
  id,
  problems,
  hint,
}: {
  id: string;
  problems: readonly string[];
  hint?: ComponentChildren;
}) {
  return (
    <div id={id}>
      {problems.map((problem) => (
        <div key={problem} class="error">
          {problem}
        </div>
      ))}
      {problems.length === 0 && hint !== undefined && <div class="hint">{hint}</div>}
    </div>
  );
}
