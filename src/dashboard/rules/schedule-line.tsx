import { Mail } from 'lucide-preact';
import type { JsonObject } from '../../shared/json';
import { duration } from '../ui/time';
import { textAt } from './document';
import { RuleOwner } from './rule-owner';
import { retryTimes } from './schedule';

/** When a failed call is tried again, and what happens when no try is left. */
export function ScheduleLine({ document }: { document: JsonObject }) {
  const times = retryTimes(document);
  if (times === undefined) return <span class="faint">The times show once each delay can be read.</span>;
  return (
    <ol class="schedule" role="list" aria-label="Tries">
      <li>
        <span class="schedule-dot" aria-hidden="true" />
        <b>at once</b>
      </li>
      {times.map((time, index) => (
        <li key={index}>
          <span class="schedule-dot" aria-hidden="true" />
          <span>
            <span class="faint">retry {index + 1}</span> after {duration(time)}
          </span>
        </li>
      ))}
      <li>
        <Mail size={14} aria-hidden="true" />
        <span>then e-mail to {hasOwner(document) ? <RuleOwner document={document} /> : 'the owner'}</span>
      </li>
    </ol>
  );
}

function hasOwner(document: JsonObject): boolean {
  return ['member', 'email'].some((key) => textAt(document, ['owner', key]) !== '');
}
