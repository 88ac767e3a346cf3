import { useMutation, useQueryClient } from '@tanstack/preact-query';
import { Save } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { Link, useLocation } from 'wouter-preact';
import { ApiProblem } from '../../api/problem';
import { createRule, replaceRule, type StoredRule } from '../../api/rules';
import { textAt } from '../../rules/document';
import { fitsForm, hasUnreadText } from '../../rules/draft';
import { besidesTheForm, type FieldProblem } from '../../rules/problems';
import { PageHead } from '../../ui/page-head';
import { useToasts } from '../../ui/toasts';
import { ConflictDialog } from './conflict-dialog';
import { EditorAside, focusOn } from './editor-aside';
import { EditorProvider } from './editor-context';
import { LeaveGuard } from './leave-guard';
import { NameCard } from './name-card';
import { OwnerCard } from './owner-card';
import { RetriesCard } from './retries-card';
import { StepsCard } from './steps-card';
import { TextView, type TextFormat } from './text-view';
import { TriggerCard } from './trigger-card';
import { useDraft } from './use-draft';
import { useRuleCheck } from './use-rule-check';

const VIEWS = { form: 'Form', json: 'JSON', yaml: 'YAML' } as const;
type View = 'form' | TextFormat;

/** The builder. @param stored what is edited; null: a new rule is built */
export function RuleEditor({ stored }: { stored: StoredRule | null }) {
  const { draft, dispatch, base, isDirty, isRestored, rebase, forget } = useDraft(stored);
  const { document } = draft;
  const isNew = base === null;
  const isUnread = hasUnreadText(draft);
  const [view, setView] = useState<View>('form');
  const [isConflict, setConflict] = useState(false);
  const [isSaved, setSaved] = useState(false);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [showsAll, setShowsAll] = useState(!isNew || isRestored);
  const check = useRuleCheck(document, isNew);
  const problems = showsAll
    ? check.problems
    : check.problems.filter(({ path }) =>
        [...touched].some((at) => path === at || path.startsWith(`${at}.`)),
      );
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const { tell, tellOf } = useToasts();
  const saving = useMutation({
    mutationFn: (over: StoredRule | null) =>
      over === null ? createRule(document) : replaceRule(over.id, over.version, document),
    onSuccess: (saved) => {
      forget();
      setSaved(true);
      setConflict(false);
      queries.setQueryData(['rule', saved.id], saved);
      void queries.invalidateQueries({ queryKey: ['rules'] });
      void queries.invalidateQueries({ queryKey: ['rule', saved.id] });
      tell(isNew ? 'The rule is in force.' : `Saved as version ${saved.version}.`);
      navigate(`/rules/${saved.id}`);
    },
    onError: (error) => {
      if (error instanceof ApiProblem && error.status === 412) {
        setConflict(true);
        return;
      }
      setShowsAll(true);
      const [first] = error instanceof ApiProblem ? error.errors : [];
      if (first === undefined) tellOf(error);
      else focusOn(first);
    },
  });
  const save = () => {
    setShowsAll(true);
    const [first] = check.problems;
    if (first !== undefined && !check.isChecking) showProblem(first);
    else saving.mutate(base);
  };
  const showProblem = (problem: FieldProblem) => {
    // What the form has no field for is mended in the text.
    const isOfText = besidesTheForm(document).some((path) => problem.path.startsWith(path));
    if (!isOfText || view === 'form') setView(isOfText ? 'json' : 'form');
    requestAnimationFrame(() => {
      focusOn(problem);
    });
  };
  const isForm = view === 'form' && fitsForm(document);
  const name = textAt(base?.document, ['name']);
  return (
    <EditorProvider value={{ draft, dispatch, problems, isNew }}>
      {isDirty && !isSaved && <LeaveGuard onDiscard={forget} />}
      <PageHead
        title={isNew ? 'New rule' : `Edit ${name}`}
        crumbs={[
          { href: '/rules', label: 'Rules' },
          ...(base === null ? [] : [{ href: `/rules/${base.id}`, label: name }]),
        ]}
      >
        <Link href={base === null ? '/rules' : `/rules/${base.id}`} class="button">
          Cancel
        </Link>
      </PageHead>
      {isRestored && (
        <div class="note" role="status">
          <span class="grow">These are changes that you had not saved.</span>
          <button
            type="button"
            class="button small"
            onClick={() => {
              rebase(stored, false);
            }}
          >
            Discard them
          </button>
        </div>
      )}
      <div class="chips" role="group" aria-label="View">
        {(Object.keys(VIEWS) as View[]).map((each) => (
          <button
            key={each}
            type="button"
            class="chip"
            aria-pressed={view === each}
            onClick={() => {
              setView(each);
            }}
          >
            {VIEWS[each]}
          </button>
        ))}
      </div>
      <div class="editor">
        <form
          class="stack"
          aria-label="Rule"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
          }}
          onFocusOut={(event) => {
            const path = event.target instanceof HTMLElement ? event.target.dataset['path'] : undefined;
            if (path !== undefined && !touched.has(path)) setTouched(new Set([...touched, path]));
          }}
        >
          {isForm ? (
            <>
              <NameCard />
              <TriggerCard />
              <StepsCard />
              <RetriesCard />
              <OwnerCard />
            </>
          ) : view === 'form' ? (
            <div class="note warn">
              <span>The form cannot show this rule. Mend it as text: choose JSON or YAML.</span>
            </div>
          ) : (
            <TextView format={view} />
          )}
        </form>
        <EditorAside check={check} isUnread={isUnread} showsAll={showsAll} onShow={showProblem}>
          <button
            type="button"
            class="button primary"
            disabled={saving.isPending || isUnread || (!isNew && !isDirty)}
            onClick={save}
          >
            <Save size={15} aria-hidden="true" /> {isNew ? 'Create the rule' : 'Save'}
          </button>
        </EditorAside>
      </div>
      {isConflict && base !== null && (
        <ConflictDialog
          id={base.id}
          mine={document}
          onTakeTheirs={(theirs) => {
            rebase(theirs, false);
            setConflict(false);
          }}
          onSaveMine={(theirs) => {
            rebase(theirs, true);
            saving.mutate(theirs);
          }}
          onClose={() => {
            setConflict(false);
          }}
        />
      )}
    </EditorProvider>
  );
}
