import type { ComponentChildren } from 'preact';
import { CircleAlert, CircleCheck } from 'lucide-preact';
import { besidesTheForm, type FieldProblem } from '../../rules/problems';
import { useSentence } from '../../rules/use-sentence';
import { messageOf } from '../../api/problem';
import { useEditor } from './editor-context';
import type { RuleCheck } from './use-rule-check';

/** What the rule says by now, and what keeps it from being saved. */
export function EditorAside({
  check,
  isUnread,
  showsAll,
  onShow,
  children,
}: {
  check: RuleCheck;
  isUnread: boolean;
  /** Problems of fields that nobody has been at yet are seen too. */
  showsAll: boolean;
  onShow: (problem: FieldProblem) => void;
  /** The button that saves. */
  children: ComponentChildren;
}) {
  const { draft, problems, isNew } = useEditor();
  const sentence = useSentence();
  const besides = besidesTheForm(draft.document);
  return (
    <aside class="card editor-aside" aria-label="Check">
      <div class="card-body stack">
        <p class="aside-sentence">{sentence(draft.document)}</p>
        <div role="status" class="stack-small">
          <State check={check} isUnread={isUnread} showsAll={showsAll} />
        </div>
        {children}
        {problems.length > 0 && (
          <ul class="problem-list" role="list">
            {problems.map((problem) => (
              <li key={`${problem.path} ${problem.message}`}>
                <button
                  type="button"
                  class="problem-link"
                  onClick={() => {
                    onShow(problem);
                  }}
                >
                  {problem.path !== '' && <code>{problem.path}</code>} {problem.message}
                </button>
              </li>
            ))}
          </ul>
        )}
        {besides.length > 0 && (
          <p class="faint">
            Also in this rule, kept as it is and seen in the text:{' '}
            {besides.map((path, index) => (
              <span key={path}>
                {index > 0 && ', '}
                <code>{path}</code>
              </span>
            ))}
          </p>
        )}
        {!isNew && (
          <p class="faint">What is saved holds for the next event, and for the next try of what waits.</p>
        )}
      </div>
    </aside>
  );
}

function State({ check, isUnread, showsAll }: { check: RuleCheck; isUnread: boolean; showsAll: boolean }) {
  if (check.error !== null)
    return <span class="muted">It cannot be checked now: {messageOf(check.error)}</span>;
  if (isUnread) {
    return (
      <span class="state bad">
        <CircleAlert size={16} aria-hidden="true" /> A field holds text that is no JSON
      </span>
    );
  }
  const { length } = check.problems;
  if (length > 0 && !showsAll) {
    return (
      <span class="state muted">
        {length === 1 ? 'One thing is to be filled in' : `${length} things are to be filled in`}
      </span>
    );
  }
  if (length > 0) {
    return (
      <span class="state bad">
        <CircleAlert size={16} aria-hidden="true" />
        {length === 1 ? 'One thing is missing or wrong' : `${length} things are missing or wrong`}
      </span>
    );
  }
  return check.isChecking ? (
    <span class="state muted">Checking …</span>
  ) : (
    <span class="state good">
      <CircleCheck size={16} aria-hidden="true" /> Nothing is wrong with it
    </span>
  );
}

/** The control at a problem's path, or the one of what it lies in. */
export function focusOn({ path }: FieldProblem): void {
  for (let at = path; at !== ''; at = at.replace(/(^|\.)[^.[\]]+$|\[[^\]]*\]$/, '')) {
    const control = document.querySelector<HTMLElement>(`[data-path="${CSS.escape(at)}"]`);
    if (control === null) continue;
    const details = control.closest('details');
    if (details !== null) details.open = true;
    const focused = control.matches('input, select, textarea')
      ? control
      : control.querySelector<HTMLElement>('button, input');
    focused?.scrollIntoView({ block: 'center' });
    focused?.focus({ preventScroll: true });
    return;
  }
}
