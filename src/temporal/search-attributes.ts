import { setTimeout as delay } from 'node:timers/promises';
import type { NativeConnection } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from '../shared/search-attributes';
import { GRPC_STATUS, grpcStatusOf, isRefusal } from './grpc-status';
import { TemporalSetupError } from './setup-error';

type SearchAttribute = (typeof SEARCH_ATTRIBUTES)[number];

/** A server may take a cache's lifetime to accept a new attribute: a minute on those that were known. Milliseconds. */
const USABLE_TIME_LIMIT_MS = 90_000;

/** Milliseconds. */
const POLL_INTERVAL_MS = 100;

/** `temporal.api.enums.v1.IndexedValueType`. */
const VALUE_TYPES = { KEYWORD: 2, BOOL: 5, DATETIME: 6, KEYWORD_LIST: 7 } as const;

/** As the CLI spells them. */
const TYPE_NAMES = {
  KEYWORD: 'Keyword',
  BOOL: 'Bool',
  DATETIME: 'Datetime',
  KEYWORD_LIST: 'KeywordList',
} as const;

/** A condition of each type that any server understands. */
const CONDITIONS = {
  KEYWORD: "= ''",
  BOOL: '= true',
  DATETIME: "> '2000-01-01T00:00:00Z'",
  KEYWORD_LIST: "= ''",
} as const;

/** An attribute in the form of the CLI's `--search-attribute`. */
export function searchAttributeArgument({ name, type }: SearchAttribute): string {
  return `${name}=${TYPE_NAMES[type]}`;
}

/**
 * Registers the search attributes that the server lacks, and waits until it accepts them. May be called any number of
 * times, by many processes at once. The namespace must exist.
 *
 * @throws TemporalSetupError when one exists with another type, when they are missing and may not be registered with
 *   these credentials, or when the server does not accept them within 90 s
 */
export async function ensureSearchAttributes(connection: NativeConnection, namespace: string): Promise<void> {
  const existing = await listSearchAttributes(connection, namespace);
  for (const attribute of SEARCH_ATTRIBUTES) {
    const type = existing?.[attribute.name];
    if (type !== undefined && type !== VALUE_TYPES[attribute.type]) throw wrongType(attribute, namespace);
  }
  const missing = SEARCH_ATTRIBUTES.filter((attribute) => existing?.[attribute.name] === undefined);
  const registered = await register(connection, namespace, missing);
  await waitUntilUsable(connection, namespace, registered ? USABLE_TIME_LIMIT_MS : 0);
}

/** @returns types by name; `undefined` when the server does not tell, as Temporal Cloud and the test server do not */
async function listSearchAttributes(
  connection: NativeConnection,
  namespace: string,
): Promise<Record<string, unknown> | undefined> {
  try {
    return (await connection.operatorService.listSearchAttributes({ namespace })).customAttributes;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** @returns false when these credentials may not register */
async function register(
  connection: NativeConnection,
  namespace: string,
  attributes: readonly SearchAttribute[],
): Promise<boolean> {
  // One at a time: a server that knows one of several may refuse them all.
  for (const { name, type } of attributes) {
    const searchAttributes = { [name]: VALUE_TYPES[type] };
    try {
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    } catch (error) {
      if (isRefusal(error)) return false;
      if (grpcStatusOf(error) !== GRPC_STATUS.ALREADY_EXISTS) throw error;
    }
  }
  return true;
}

async function waitUntilUsable(
  connection: NativeConnection,
  namespace: string,
  timeLimitMs: number,
): Promise<void> {
  const conditions = SEARCH_ATTRIBUTES.map(({ name, type }) => `${name} ${CONDITIONS[type]}`);
  const query = conditions.join(' AND ');
  const deadline = Date.now() + timeLimitMs;
  for (;;) {
    try {
      await connection.workflowService.countWorkflowExecutions({ namespace, query });
      return;
    } catch (error) {
      const status = grpcStatusOf(error);
      // The time-skipping test server has no visibility, so there is nothing to wait for.
      if (status === GRPC_STATUS.UNIMPLEMENTED) return;
      if (status !== GRPC_STATUS.INVALID_ARGUMENT) throw error;
      if (Date.now() >= deadline) throw notUsable(namespace, timeLimitMs, error);
    }
    await delay(POLL_INTERVAL_MS);
  }
}

function wrongType({ name, type }: SearchAttribute, namespace: string): TemporalSetupError {
  return new TemporalSetupError(
    `The search attribute ${name} exists in Temporal's namespace "${namespace}" with another type than ${TYPE_NAMES[type]}. ` +
      `Use another namespace (TEMPORAL_NAMESPACE), or rename that attribute.`,
  );
}

function notUsable(namespace: string, waitedMs: number, cause: unknown): TemporalSetupError {
  const flags = SEARCH_ATTRIBUTES.map(({ name, type }) => `--name ${name} --type ${TYPE_NAMES[type]}`).join(
    ' ',
  );
  const why =
    waitedMs === 0
      ? 'lacks search attributes, and these credentials may not register them'
      : `did not accept the registered search attributes within ${waitedMs / 1000} s`;
  return new TemporalSetupError(
    `Temporal's namespace "${namespace}" ${why}. Have an administrator run:\n` +
      `  temporal operator search-attribute create --namespace ${namespace} ${flags}\n` +
      `On Temporal Cloud, add them to the namespace in its settings instead.`,
    { cause },
  );
}
