import type { StoredRule } from '../../api/rules';
import { asText, isObject, textAt, valueAt } from '../../rules/document';
import { FilterWords } from '../../rules/filter-words';
import { pausedSince } from '../../rules/paused';
import { RuleOwner } from '../../rules/rule-owner';
import { ScheduleLine } from '../../rules/schedule-line';
import { stepId, stepsOf } from '../../rules/steps';
import { Actor } from '../../ui/actor';
import { Code } from '../../ui/code';
import { Time } from '../../ui/time';
import { RecentExecutions } from './recent-executions';

/** What a rule says, and how it did of late. */
export function RuleOverview({ rule }: { rule: StoredRule }) {
  const { id, document, version, updated_at: updatedAt, updated_by: updatedBy } = rule;
  const steps = stepsOf(document);
  const filter = valueAt(document, ['event', 'filter']);
  const digest = textAt(document, ['notify', 'digest']);
  const since = pausedSince(document);
  return (
    <div class="stack">
      {since !== undefined && (
        <div class="note warn">
          <span>
            Paused <Time at={since} />. Events still match it, and what they start is held. Held executions
            escalate 36 hours after they began.
          </span>
        </div>
      )}
      <section class="card" aria-label="Facts">
        <dl class="facts card-body">
          <div>
            <dt>Owner</dt>
            <dd>
              <RuleOwner document={document} />
            </dd>
          </div>
          <div>
            <dt>Version</dt>
            <dd class="numeric">{version}</dd>
          </div>
          <div>
            <dt>Last edit</dt>
            <dd>
              <Time at={updatedAt} />{' '}
              <span class="faint">
                by <Actor actor={updatedBy} />
              </span>
            </dd>
          </div>
          {digest !== '' && (
            <div>
              <dt>Further e-mails</dt>
              <dd>{digest === '0' ? 'each on its own' : `gathered for ${digest}`}</dd>
            </div>
          )}
        </dl>
        {isObject(filter) && (
          <div class="card-foot">
            <span class="faint">Only when </span>
            <FilterWords filter={filter} within="data" />
          </div>
        )}
      </section>
      <section class="card" aria-labelledby="steps">
        <div class="card-head">
          <h2 id="steps" class="grow">
            Steps
          </h2>
          <span class="faint">one after the other; each gets the answers of those before it</span>
        </div>
        <ol class="step-list" role="list">
          {steps.map((step, index) => (
            <li key={stepId(step, index)}>
              <span class="step-number" aria-hidden="true">
                {index + 1}
              </span>
              <div class="stack-small grow">
                <div class="row">
                  <b>{stepId(step, index)}</b>
                  <span class="tag">{textAt(step, ['method']) || 'POST'}</span>
                  <span class="mono break">{textAt(step, ['url'])}</span>
                </div>
                {isObject(step['if']) && (
                  <div>
                    <span class="faint">only if </span>
                    <FilterWords filter={step['if']} />
                  </div>
                )}
                {isObject(step['headers']) && (
                  <div class="mono muted break">
                    {Object.entries(step['headers'])
                      .map(([name, value]) => `${name}: ${asText(value)}`)
                      .join(' · ')}
                  </div>
                )}
                {['auth', 'tls'].map(
                  (field) =>
                    textAt(step, [field]) !== '' && (
                      <div key={field}>
                        <span class="faint">
                          {field === 'auth' ? 'authenticates with ' : 'connects with '}
                        </span>
                        <code>{textAt(step, [field])}</code>
                      </div>
                    ),
                )}
                {step['body'] !== undefined && (
                  <details>
                    <summary>Body</summary>
                    <Code
                      text={JSON.stringify(step['body'], null, 2)}
                      label={`Body of ${stepId(step, index)}`}
                    />
                  </details>
                )}
              </div>
            </li>
          ))}
        </ol>
        <div class="card-foot">
          <ScheduleLine document={document} />
        </div>
      </section>
      <RecentExecutions ruleId={id} />
    </div>
  );
}
