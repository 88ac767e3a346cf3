import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The sample event as its sender posts it: example.com falls from 90 to 78. */
export function sampleEvent(changes: object = {}): Record<string, unknown> & { id: string } {
  const sample = readFileSync(join(__dirname, '../../examples/scorecard_changed.json'), 'utf8');
  return { ...(JSON.parse(sample) as { id: string }), ...changes };
}
