import type { JsonObject } from '../../shared/json';
import { isPaused } from './paused';

export function RuleState({ document }: { document: JsonObject }) {
  return isPaused(document) ? <span class="badge warn">Paused</span> : <span class="badge good">Active</span>;
}
