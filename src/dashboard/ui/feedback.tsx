import type { ComponentChildren } from 'preact';
import { RotateCcw } from 'lucide-preact';
import { ApiProblem, messageOf } from '../api/problem';

/** What to say where there is nothing yet. */
export function EmptyState({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** What went wrong, and the way to try again. */
export function ErrorNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = error instanceof ApiProblem ? error : undefined;
  return (
    <div class="note bad" role="alert">
      <div class="grow stack-small">
        <span>{messageOf(error)}</span>
        {problem !== undefined && problem.errors.length > 0 && (
          <ul>
            {problem.errors.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                {path !== '' && <code>{path}</code>} {message}
              </li>
            ))}
          </ul>
        )}
        {problem?.requestId !== undefined && problem.status >= 500 && (
          <span class="faint">In the log: request {problem.requestId}</span>
        )}
      </div>
      {onRetry && (
        <button type="button" class="button small" onClick={onRetry}>
          <RotateCcw size={14} aria-hidden="true" /> Try again
        </button>
      )}
    </div>
  );
}

/** Lines in place of what is on its way. */
export function Skeleton({ lines = 6 }: { lines?: number }) {
  return (
    <div class="stack card-body" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} class="skeleton" style={{ width: `${90 - ((index * 17) % 45)}%` }} />
      ))}
    </div>
  );
}
