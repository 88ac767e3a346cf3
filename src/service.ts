import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { createActivities } from './activities/index';
import type { Config } from './config';
import { createWebhookSender } from './delivery/send';
import { createMailTransport } from './mail/transport';
import type { Rulebook } from './rules/rulebook';
import { RULE_GONE_GRACE_MS } from './shared/limits';
import { createFileRulebook } from './store/rulebook-files';
import { connectTemporal, type TemporalConnection } from './temporal/connection';
import { installRuntime } from './temporal/runtime';
import { createWorker } from './worker/create-worker';

/** Everything that executes rules, running in this process. */
export interface Service {
  client: Client;
  rulebook: Rulebook;
  temporal: TemporalConnection;
  /** What a person wants to know at start, a line each. */
  about: string[];
  /** Rejects when the worker or the embedded server fails; resolves after `stop`. */
  ended: Promise<void>;
  /** Lets calls that have left come back (10 s at most, a mail is broken off then), and stops all that runs. */
  stop: () => Promise<void>;
}

/**
 * Starts the worker, and a Temporal server when none is configured.
 *
 * @throws TemporalSetupError, RulebookError
 */
export async function startService(
  config: Config,
  log: { info: (line: string) => void; warn: (line: string) => void },
): Promise<Service> {
  installRuntime('WARN');
  const rulebook = createFileRulebook({ ...config.rulebook, warn: log.warn });
  const rules = await rulebook.rules();
  const temporal = await connectTemporal({
    ...config.temporal,
    executables: { ...config.temporal.executables, onProgress: log.info },
  });
  const sender = createWebhookSender(config.sender);
  const mail = createMailTransport(config.mail);
  const worker = await createWorker({
    connection: temporal.connection,
    namespace: temporal.namespace,
    activities: createActivities({
      rulebook,
      sender,
      mail,
      mailFrom: config.mail.from,
      ruleGoneGraceMs: RULE_GONE_GRACE_MS,
    }),
    workflowBundle: join(__dirname, 'workflow-bundle.js'),
  });
  const running = worker.run();
  return {
    client: new Client({ connection: temporal.connection, namespace: temporal.namespace }),
    rulebook,
    temporal,
    about: [
      `Temporal: ${temporal.address}, namespace ${temporal.namespace} (${temporal.source})`,
      ...(temporal.uiUrl === undefined ? [] : [`Temporal UI: ${temporal.uiUrl}`]),
      `Rules: ${rules.length} from ${[config.rulebook.file, config.rulebook.folder].filter(Boolean).join(' and ')}`,
      `Mail: ${mail.describe()}`,
    ],
    ended: Promise.race([running, crashOf(temporal)]),
    stop: async () => {
      worker.shutdown();
      await running.catch(() => undefined);
      await sender.close();
      mail.close();
      await temporal.close();
    },
  };
}

/** Rejects when the embedded server ends by itself, and otherwise never settles. */
async function crashOf({ devServer }: TemporalConnection): Promise<void> {
  const exit = await devServer?.exited;
  if (devServer === undefined || exit?.requested) return new Promise(() => undefined);
  throw new Error(`the embedded Temporal server ended; see ${devServer.logFile}`);
}
