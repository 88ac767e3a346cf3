import type { StoredRule } from '../../api/rules';
import { useMay } from '../../session-context';
import { ExplainMatch } from './explain-match';
import { Trial } from './trial';

/** Trying a rule: with a real execution, or by asking whether an event would match. */
export function TryRule({ rule }: { rule: StoredRule }) {
  const mayWrite = useMay('write');
  return (
    <div class="try">
      {mayWrite && <Trial rule={rule} />}
      <ExplainMatch ruleId={rule.id} />
    </div>
  );
}
