import { useMutation, useQueryClient } from '@tanstack/preact-query';
import { replaceRule, type RuleVersion, type StoredRule } from '../../api/rules';
import { changesBetween } from '../../rules/changes';
import { ChangeList } from '../../rules/change-list';
import { without } from '../../rules/document';
import { Dialog } from '../../ui/dialog';
import { useToasts } from '../../ui/toasts';

/** Asks before an old version comes into force again, and shows what that changes. */
export function RestoreDialog({
  rule,
  version,
  onClose,
}: {
  rule: StoredRule;
  version: RuleVersion;
  onClose: () => void;
}) {
  const queries = useQueryClient();
  const { tell, tellOf } = useToasts();
  const pausedAt = rule.document['paused_at'];
  // Whether it is paused is about now, not about what the rule says.
  const document = {
    ...without(version.document, 'paused_at'),
    ...(pausedAt !== undefined && { paused_at: pausedAt }),
  };
  const changes = changesBetween(rule.document, document);
  const restoring = useMutation({
    mutationFn: () => replaceRule(rule.id, rule.version, document),
    onSuccess: () => {
      tell(`Version ${version.version} is in force again.`);
      onClose();
    },
    onError: tellOf,
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['rule', rule.id] });
      void queries.invalidateQueries({ queryKey: ['rules'] });
    },
  });
  return (
    <Dialog
      title={`Restore version ${version.version}?`}
      onClose={onClose}
      foot={
        <>
          <button type="button" class="button" onClick={onClose}>
            Leave it
          </button>
          <button
            type="button"
            class="button primary"
            disabled={restoring.isPending || changes.length === 0}
            onClick={() => {
              restoring.mutate();
            }}
          >
            Restore it
          </button>
        </>
      }
    >
      {changes.length === 0 ? (
        <p>It says the same as the version that is in force.</p>
      ) : (
        <>
          <p>It becomes a new version. Against the one that is in force, this changes:</p>
          <ChangeList changes={changes} label="What restoring changes" />
        </>
      )}
      <p class="muted">
        Whether the rule is paused stays as it is. Waiting executions go by it from then on.
      </p>
    </Dialog>
  );
}
