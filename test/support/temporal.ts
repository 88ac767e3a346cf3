import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DataConverter, SearchAttributeType } from '@temporalio/common';
import type { SearchAttributeKey } from '@temporalio/common/lib/search-attributes';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { SEARCH_ATTRIBUTES } from '../../src/shared/search-attributes';
import { DYNAMIC_CONFIG_ARGUMENTS } from '../../src/temporal/dev-server';
import { createDataConverter } from '../../src/temporal/payload-codec';
import { installRuntime } from '../../src/temporal/runtime';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes';
import { serverExecutable } from './server-executable';
import { temporaryFolder } from './temporary-folder';

/** The server chooses ports for its parts, and ends when another test has taken one before it listens there. */
const START_ATTEMPTS = 3;

/** As the program has it when no key is set. */
const withoutKey = createDataConverter([]);

/**
 * A time-skipping server with this program's search attributes. Its clock is one for all, so tests that share it run
 * one after the other. Call `teardown()` at the end.
 */
export async function createTimeSkippingEnvironment(
  dataConverter: DataConverter = withoutKey,
): Promise<TestWorkflowEnvironment> {
  const executable = await endingWithUs(await serverExecutable('test-server'));
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable },
    client: { dataConverter },
  });
  await ensureSearchAttributes(environment.nativeConnection, environment.namespace ?? 'default');
  return environment;
}

/** A real server, in memory and without a web UI, with this program's search attributes. Call `teardown()` at the end. */
export async function createLocalEnvironment(
  dataConverter: DataConverter = withoutKey,
): Promise<TestWorkflowEnvironment> {
  return createLocal([...SEARCH_ATTRIBUTES], dataConverter);
}

/** The same, but it has never heard of this program. */
export async function createBareEnvironment(): Promise<TestWorkflowEnvironment> {
  return createLocal([], withoutKey);
}

async function createLocal(
  searchAttributes: SearchAttributeKey<SearchAttributeType>[],
  dataConverter: DataConverter,
): Promise<TestWorkflowEnvironment> {
  const executable = await endingWithUs(await serverExecutable('cli'));
  const log = { format: 'pretty', level: 'never' };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await TestWorkflowEnvironment.createLocal({
        server: { executable, searchAttributes, log, extraArgs: DYNAMIC_CONFIG_ARGUMENTS },
        client: { dataConverter },
      });
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

let quiet = false;

/** Workers say much at INFO and WARN that a passing test should not show. Must come before anything connects. */
function beQuiet(): void {
  if (quiet) return;
  quiet = true;
  installRuntime('ERROR');
}

/** A server that the SDK starts outlives a test process that crashes. This wrapper makes it end within a second or so. */
async function endingWithUs(executable: string): Promise<{ type: 'existing-path'; path: string }> {
  beQuiet();
  const wrapper = path.join(temporaryFolder(), 'server');
  const script = `#!/bin/sh
parent=$PPID
(
  while kill -0 "$parent" && kill -0 $$; do sleep 1; done
  kill -KILL $$
) >/dev/null 2>&1 &
exec '${executable}' "$@" >/dev/null
`;
  writeFileSync(wrapper, script);
  chmodSync(wrapper, 0o755);
  return { type: 'existing-path', path: wrapper };
}
