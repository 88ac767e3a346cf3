import { useMutation, useQueryClient } from '@tanstack/preact-query';
import { Pause, Pencil, Play, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { Link, useLocation } from 'wouter-preact';
import { deleteRule, setPaused, type StoredRule } from '../../api/rules';
import { textAt } from '../../rules/document';
import { isPaused } from '../../rules/paused';
import { useMay } from '../../session-context';
import { Dialog } from '../../ui/dialog';
import { useToasts } from '../../ui/toasts';

export function RuleActions({ rule }: { rule: StoredRule }) {
  const { id, document } = rule;
  const mayWrite = useMay('write');
  const queries = useQueryClient();
  const { tell, tellOf } = useToasts();
  const [isDeleting, setDeleting] = useState(false);
  const paused = isPaused(document);
  const pausing = useMutation({
    mutationFn: () => setPaused(id, !paused),
    onSuccess: (changed) => {
      queries.setQueryData(['rule', id], changed);
      tell(
        paused
          ? 'Resumed. What was held goes on.'
          : 'Paused. Events still match; what they start is held until the rule is resumed.',
      );
    },
    onError: tellOf,
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['rules'] });
      void queries.invalidateQueries({ queryKey: ['rule', id] });
    },
  });
  if (!mayWrite) return null;
  return (
    <>
      <Link href={`/rules/${id}/edit`} class="button primary">
        <Pencil size={15} aria-hidden="true" /> Edit
      </Link>
      <button
        type="button"
        class="button"
        disabled={pausing.isPending}
        onClick={() => {
          pausing.mutate();
        }}
      >
        {paused ? <Play size={15} aria-hidden="true" /> : <Pause size={15} aria-hidden="true" />}
        {paused ? 'Resume' : 'Pause'}
      </button>
      <button
        type="button"
        class="button danger"
        onClick={() => {
          setDeleting(true);
        }}
      >
        <Trash2 size={15} aria-hidden="true" /> Delete
      </button>
      {isDeleting && (
        <DeleteDialog
          rule={rule}
          onClose={() => {
            setDeleting(false);
          }}
        />
      )}
    </>
  );
}

function DeleteDialog({ rule, onClose }: { rule: StoredRule; onClose: () => void }) {
  const { id, version, document } = rule;
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const { tell, tellOf } = useToasts();
  const name = textAt(document, ['name']);
  const deleting = useMutation({
    mutationFn: () => deleteRule(id, version),
    onSuccess: () => {
      tell(`“${name}” is deleted.`);
      queries.removeQueries({ queryKey: ['rule', id] });
      void queries.invalidateQueries({ queryKey: ['rules'] });
      navigate('/rules');
    },
    onError: tellOf,
  });
  return (
    <Dialog
      title={`Delete “${name}”?`}
      onClose={onClose}
      foot={
        <>
          <button type="button" class="button" onClick={onClose}>
            Keep it
          </button>
          <button
            type="button"
            class="button danger primary"
            disabled={deleting.isPending}
            onClick={() => {
              deleting.mutate();
            }}
          >
            Delete the rule
          </button>
        </>
      }
    >
      <p>
        No event matches it any more. What it has started ends as abandoned, without an e-mail, when it would
        call next.
      </p>
      <p class="muted">Its history stays: at this address it can be brought back.</p>
    </Dialog>
  );
}
