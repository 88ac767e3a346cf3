import {
  Kysely,
  PostgresDialect,
  sql,
  type PostgresCursor,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely';
import { Pool, TypeOverrides, types, type PoolClient, type QueryResultRow } from 'pg';
import { parseUrl } from '../shared/parse-url';
import type { Database, Tx } from './database';
import { StoreAwayError } from './errors';
import { StoreSetupError } from './setup-error';
import type { Tables } from './tables';

/** Connections of one process: more would only wait for each other, as changes are made one after the other. */
const MAX_CONNECTIONS = 10;

/** Milliseconds. */
const CONNECT_TIME_LIMIT_MS = 5_000;

/** For one statement, so that a server that has gone without a word is noticed. Milliseconds. */
const QUERY_TIME_LIMIT_MS = 30_000;

/** A transaction that lost to another is tried again this often. */
const MAX_ATTEMPTS = 5;

/** Any number that nothing else in the database locks: "rule-web" in ASCII, without its first bit. */
const SCHEMA_LOCK = '0x72756c652d776562';

/** All whole numbers of ours are far below 2^53; as texts, which is the driver's default, they would compare wrongly. */
const PARSERS = new TypeOverrides();
PARSERS.setTypeParser(types.builtins.INT8, Number);

/** Connects to a PostgreSQL server. @throws StoreSetupError */
export async function openPostgres(databaseUrl: string): Promise<Database> {
  const where = describeUrl(databaseUrl);
  const pool = createPool(databaseUrl);
  // A connection that breaks, in use or not, is replaced at the next use; without listeners it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: translating(pool) }) });
  try {
    await sql`select 1`.execute(kysely);
  } catch (error) {
    await kysely.destroy();
    throw new StoreSetupError(`DATABASE_URL (${where}): ${(error as Error).message}`);
  }
  return {
    description: `PostgreSQL, ${where}`,
    columnTypes: {
      text: 'text collate "C"',
      counter: 'bigint generated always as identity primary key',
    },
    reader: kysely,
    transaction: (work) => repeated(() => kysely.transaction().execute(work)),
    lockSchema: async (tx: Tx) => {
      await sql`select pg_advisory_xact_lock(${sql.raw(String(BigInt(SCHEMA_LOCK)))})`.execute(tx);
    },
    close: () => kysely.destroy(),
  };
}

const FORM = 'DATABASE_URL must be postgres://[user[:password]@]host[:port]/database';

/** Host, port and database of a URL: never the rest, which has the password. */
function describeUrl(databaseUrl: string): string {
  const url = parseUrl(databaseUrl);
  if (url?.protocol !== 'postgres:' && url?.protocol !== 'postgresql:') throw new StoreSetupError(FORM);
  return `${url.host || 'local socket'}${url.pathname}`;
}

function createPool(connectionString: string): Pool {
  try {
    return new Pool({
      connectionString,
      max: MAX_CONNECTIONS,
      connectionTimeoutMillis: CONNECT_TIME_LIMIT_MS,
      query_timeout: QUERY_TIME_LIMIT_MS,
      keepAlive: true,
      types: PARSERS,
    });
  } catch {
    // Its own message may repeat the URL.
    throw new StoreSetupError(`${FORM}; special characters in the password must be percent-encoded`);
  }
}

/** The pool as Kysely uses it, with errors that the rest of the store knows. */
function translating(pool: Pool): PostgresPool {
  return {
    connect: async () => {
      try {
        return new TranslatingClient(await pool.connect());
      } catch (error) {
        throw new StoreAwayError(`PostgreSQL cannot be reached: ${messageOf(error)}`);
      }
    },
    end: () => pool.end(),
  };
}

class TranslatingClient implements PostgresPoolClient {
  private broken: StoreAwayError | undefined;

  constructor(private readonly client: PoolClient) {}

  query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(
    text: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof text !== 'string') throw new TypeError('there are no cursors');
    return this.run(text, parameters);
  }

  release(destroy = false): void {
    this.client.release(destroy || this.broken !== undefined);
  }

  private async run<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    // A statement on a connection that is gone, such as the rollback, would wait for nothing.
    if (this.broken !== undefined) throw this.broken;
    try {
      const { command, rowCount, rows } = await this.client.query<QueryResultRow & R>(text, [...parameters]);
      return { command: command as PostgresQueryResult<R>['command'], rowCount: rowCount ?? 0, rows };
    } catch (error) {
      if (!isAway(error)) throw error;
      this.broken = new StoreAwayError(`PostgreSQL cannot be reached: ${messageOf(error)}`);
      throw this.broken;
    }
  }
}

/**
 * Whether a statement failed because the server is not there, or not there for us. What has no SQLSTATE was not
 * said by a server at all. Classes: connection (08), resources (53), operator (57), system (58); 25006 comes from a
 * standby that was the primary before.
 */
function isAway(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || /^(08|53|57|58)|^25006$/.test(state);
}

/** Runs a transaction again that had to give way to another (serialization failure, deadlock). */
async function repeated<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !['40001', '40P01'].includes(sqlState(error) ?? '')) throw error;
    }
  }
}

/** The server's code for what went wrong. Codes of the system, such as EPIPE, stand in the same place, without digits. */
function sqlState(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** Of several addresses that were tried, Node's error has messages, but none of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
