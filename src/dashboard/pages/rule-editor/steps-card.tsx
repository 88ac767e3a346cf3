import { Plus } from 'lucide-preact';
import { Link } from 'wouter-preact';
import { MAX_STEPS } from '../../../shared/limits';
import { stepsOf } from '../../rules/steps';
import { useEditor } from './editor-context';
import { Problems } from './field';
import { StepFields } from './step-fields';

/** What is called, one after the other. */
export function StepsCard() {
  const { draft, dispatch, problems } = useEditor();
  const { length } = stepsOf(draft.document);
  return (
    <section class="card" aria-labelledby="then">
      <div class="card-head">
        <h2 id="then" class="grow">
          Then call
        </h2>
        <span class="faint">one after the other; each gets the answers of those before it</span>
      </div>
      <ol class="edit-steps" role="list">
        {draft.steps.slice(0, length).map(({ key }, index) => (
          <StepFields key={key} index={index} count={length} />
        ))}
      </ol>
      <p class="card-foot faint">
        Each call is signed with its destination’s key, as Standard Webhooks says: <code>webhook-id</code>,{' '}
        <code>webhook-timestamp</code>, <code>webhook-signature</code>. Keys, limits and health are under{' '}
        <Link href="/destinations">Destinations</Link>.
      </p>
      <div class="card-foot row">
        <button
          type="button"
          class="button"
          disabled={length >= MAX_STEPS}
          onClick={() => {
            dispatch({ do: 'add-step' });
            requestAnimationFrame(() => {
              document.querySelector<HTMLElement>(`[data-path="steps[${length}].url"]`)?.focus();
            });
          }}
        >
          <Plus size={15} aria-hidden="true" /> Add a step
        </button>
        <div class="field">
          <Problems
            id="steps-about"
            problems={problems.filter(({ path }) => path === 'steps').map(({ message }) => message)}
            hint={length >= MAX_STEPS ? `A rule has ${MAX_STEPS} steps at most.` : undefined}
          />
        </div>
      </div>
    </section>
  );
}
