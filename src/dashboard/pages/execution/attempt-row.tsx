import { useState } from 'preact/hooks';
import type { Attempt } from '../../api/types';
import { Code } from '../../ui/code';
import { CopyButton } from '../../ui/copy-button';
import { duration, Time } from '../../ui/time';
import { curlOf } from './curl';
import { Headers } from './headers';
import { TimingBar } from './timing-bar';

/** One call: what was sent and what came back, once it is opened. */
export function AttemptRow({
  attempt,
  isOpen,
  stepIndex,
  executionId,
}: {
  attempt: Attempt;
  isOpen: boolean;
  stepIndex: number;
  executionId: string;
}) {
  // Kept here: an update of the execution must not close what somebody reads.
  const [open, setOpen] = useState(isOpen);
  const { request, response, started_at: startedAt, duration_ms: took } = attempt;
  return (
    <details
      class="attempt"
      open={open}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>
        <span class="attempt-number">Attempt {attempt.number}</span>
        <StatusCode attempt={attempt} />
        <span class="grow muted break">{attempt.error ?? ''}</span>
        {took !== null && <span class="numeric muted">{duration(took)}</span>}
        {startedAt !== null && (
          <span class="faint">
            <Time at={startedAt} />
          </span>
        )}
      </summary>
      {open && (
        <div class="attempt-body">
          {attempt.timing !== null && took !== null && <TimingBar timing={attempt.timing} total={took} />}
          {request === null ? (
            <p class="faint">No request was sent.</p>
          ) : (
            <div class="exchange">
              <section aria-label="Request">
                <div class="row">
                  <h3 class="grow break">
                    {request.method} <span class="mono">{attempt.url}</span>
                  </h3>
                  <CopyButton
                    what="as curl"
                    label="curl"
                    text={() => curlOf(attempt, `${executionId}_${stepIndex}`)}
                  />
                </div>
                {request.headers !== null && <Headers headers={request.headers} />}
                {request.body !== null && <Code text={request.body} label="Body of the request" />}
                {request.truncated && <p class="faint">Only the beginning of the body is shown.</p>}
              </section>
              <section aria-label="Response">
                {response === null ? (
                  <>
                    <h3>No response</h3>
                    <p class="faint">The receiver sent no answer.</p>
                  </>
                ) : (
                  <>
                    <div class="row">
                      <h3 class="grow">Response {attempt.status}</h3>
                      <CopyButton what="the body of the response" text={response.body} />
                    </div>
                    <Headers headers={response.headers} />
                    {response.encoding === 'base64' && <p class="faint">Binary, shown in base64.</p>}
                    <Code text={response.body} label="Body of the response" />
                    {response.truncated && <p class="faint">Truncated at 100 KB.</p>}
                  </>
                )}
              </section>
            </div>
          )}
        </div>
      )}
    </details>
  );
}

function StatusCode({ attempt: { status, error, started_at: startedAt } }: { attempt: Attempt }) {
  if (error === null && status === null) return <span class="badge info live">on its way</span>;
  const tone = error === null ? 'good' : 'bad';
  return (
    <span class={`badge plain ${tone} numeric`}>
      {status ?? (startedAt === null ? 'not sent' : 'no answer')}
    </span>
  );
}
