import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { createInstruments } from '../../../src/observability/metrics/instruments';

const document = readFileSync(join(__dirname, '../../../docs/metrics.md'), 'utf8');

it('the document lists each metric with its type and labels, and no other', async () => {
  const registry = new Registry();
  createInstruments(registry);
  const registered = (await registry.getMetricsAsJSON()).map(({ name, type }) => {
    const { labelNames } = registry.getSingleMetric(name) as unknown as { labelNames: string[] };
    return { name, type: type as unknown as string, labels: labelNames };
  });

  const listed = [...document.matchAll(/^\| `(rule_webhooks_\w+)` *\| (\w+) *\| ([^|]*)\|/gm)].map(
    ([, name = '', type = '', labels = '']) => ({
      name,
      type,
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label),
    }),
  );
  expect(listed).toEqual(registered);
});
