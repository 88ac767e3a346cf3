import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import type { JsonObject } from '../../../shared/json';
import { ruleQuery, type StoredRule } from '../../api/rules';
import { ChangeList } from '../../rules/change-list';
import { changesBetween } from '../../rules/changes';
import { Actor } from '../../ui/actor';
import { Dialog } from '../../ui/dialog';
import { ErrorNote, Skeleton } from '../../ui/feedback';
import { Time } from '../../ui/time';

/** Somebody else has changed the rule since the edit began: theirs, mine, or a look at both. */
export function ConflictDialog({
  id,
  mine,
  onTakeTheirs,
  onSaveMine,
  onClose,
}: {
  id: string;
  mine: JsonObject;
  onTakeTheirs: (theirs: StoredRule) => void;
  onSaveMine: (theirs: StoredRule) => void;
  onClose: () => void;
}) {
  const [isComparing, setComparing] = useState(false);
  // Never what was read before the conflict.
  const { data: theirs, error, isFetching } = useQuery({ ...ruleQuery(id), staleTime: 0 });
  const isRead = theirs !== undefined && !isFetching;
  const changes = theirs === undefined ? [] : changesBetween(theirs.document, mine);
  return (
    <Dialog
      title="Somebody else has changed this rule"
      onClose={onClose}
      foot={
        <>
          <button type="button" class="button" onClick={onClose}>
            Go on editing
          </button>
          <button
            type="button"
            class="button"
            disabled={!isRead}
            onClick={() => {
              if (theirs !== undefined) onTakeTheirs(theirs);
            }}
          >
            Load theirs, drop mine
          </button>
          <button
            type="button"
            class="button primary"
            disabled={!isRead}
            onClick={() => {
              if (theirs !== undefined) onSaveMine(theirs);
            }}
          >
            Save mine over it
          </button>
        </>
      }
    >
      {error !== null && <ErrorNote error={error} />}
      {!isRead && error === null && <Skeleton lines={2} />}
      {isRead && (
        <>
          <p>
            <Actor actor={theirs.updated_by} /> saved version {theirs.version} <Time at={theirs.updated_at} />
            , after you began. Nothing of yours is lost.
          </p>
          <div>
            <button
              type="button"
              class="button small"
              aria-expanded={isComparing}
              onClick={() => {
                setComparing(!isComparing);
              }}
            >
              Compare
            </button>
          </div>
          {isComparing &&
            (changes.length === 0 ? (
              <p>Theirs says the same as yours.</p>
            ) : (
              <>
                <p class="muted">What saving yours changes in theirs:</p>
                <ChangeList changes={changes} label="What saving yours changes in theirs" />
              </>
            ))}
        </>
      )}
    </Dialog>
  );
}
