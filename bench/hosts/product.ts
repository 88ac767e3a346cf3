/** The product's executions in a process of their own, see `startProduct`. */
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { runHost } from '../support/in-child';
import type { ProductAsk, ProductSettings } from '../support/product-process';
import { startProductWorker } from '../support/product-worker';
import { chainEvent, chainRule } from '../support/rules';
import { executionIdOf } from '../../src/client/execution-id';
import { startMatches } from '../../src/ingest/start-matches';
import { validateRulebookDocument } from '../../src/rules/rulebook-document';
import { DEFAULT_WORKSPACE } from '../../src/shared/ids';
import { openStore } from '../../src/store/open-store';
import { createDataConverter } from '../../src/temporal/payload-codec';
import { installRuntime } from '../../src/temporal/runtime';

runHost(async ({ address, databaseUrl, folder, receiverUrl, lengths }: ProductSettings) => {
  installRuntime('ERROR');
  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection, dataConverter: createDataConverter([]) });
  const store = await openStore({ databaseUrl, dataFolder: folder });
  const { document } = validateRulebookDocument({
    rules: lengths.map((steps) => chainRule(receiverUrl, steps)),
  });
  await store.apply({ workspace: DEFAULT_WORKSPACE, actor: 'bench' }, document, { dryRun: false });
  const worker = await startProductWorker({ connection, store });

  return {
    ready: {},
    answer: async ({ id, steps }: ProductAsk) => {
      const rule = document.rules.find((each) => each.steps.length === steps);
      if (rule === undefined) throw new Error(`no rule has ${steps} steps`);
      const event = chainEvent(id, steps);
      const match = {
        rule,
        ruleId: rule.id,
        ruleVersion: 1,
        executionId: executionIdOf(DEFAULT_WORKSPACE, rule.id, id),
        reason: '',
        trigger: { type: event.type, data: event.data },
      };
      await startMatches(client, DEFAULT_WORKSPACE, event, [match]);
    },
    stop: async () => {
      await worker.stop();
      await store.close();
      await connection.close();
    },
  };
});
