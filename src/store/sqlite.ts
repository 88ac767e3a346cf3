import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import {
  CompiledQuery,
  Kysely,
  sql,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type SqliteDatabase,
  type SqliteDialectConfig,
  type SqliteStatement,
} from 'kysely';
import Libsql from 'libsql';
import type { Database } from './database';
import { StoreAwayError } from './errors';
import { StoreSetupError } from './setup-error';
import type { Tables } from './tables';

const FILE_NAME = 'rule-webhooks.db';

/**
 * How long SQLite itself waits for another process. It waits by blocking this whole process, so it is only for the
 * moments in which a process opens or closes the file. Milliseconds.
 */
const BUSY_TIMEOUT_MS = 20;

/** How long a transaction waits for its turn while others write, without blocking. Milliseconds. */
const WRITE_TIME_LIMIT_MS = 30_000;

/** Prepared statements that a connection keeps: more than the store has, but for those with lists of values. */
const MAX_STATEMENTS = 200;

/** Opens the SQLite file of a data folder, and creates both when they are not there. @throws StoreSetupError */
export async function openSqlite(dataFolder: string): Promise<Database> {
  const file = join(dataFolder, FILE_NAME);
  await prepareFile(dataFolder, file);
  // Readers of a file in WAL mode wait for nobody, so they get a connection that is not held by a transaction.
  const writer = open(file, []);
  const reader = open(file, ['query_only = on']);
  try {
    await sql`select 1`.execute(writer);
    await sql`select 1`.execute(reader);
  } catch (error) {
    await Promise.all([writer.destroy(), reader.destroy()]);
    throw new StoreSetupError(`${file} cannot be used: ${(error as Error).message}`);
  }
  return {
    description: `SQLite, ${file}`,
    columnTypes: { text: 'text', counter: 'integer primary key autoincrement' },
    reader,
    transaction: async (work) => {
      const result = await writer.transaction().execute(work);
      // SQLite answers at once: without this, who writes one thing after another would let nothing else go on.
      await nextTurn();
      return result;
    },
    // Every transaction has the only lock that there is.
    lockSchema: async () => undefined,
    close: async () => {
      await Promise.all([reader.destroy(), writer.destroy()]);
    },
  };
}

/** Makes sure that only the owner may read the file, and those that SQLite puts beside it with the same mode. */
async function prepareFile(folder: string, file: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Never opens a file that is there: to close it again would take away the locks that SQLite has on it in this process.
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new StoreSetupError(`The store cannot be kept in ${folder}: ${(error as Error).message}`);
    }
  }
  for (const each of [file, `${file}-wal`, `${file}-shm`]) {
    // Another's file may be usable all the same; whether it is turns out when it is opened.
    await chmod(each, 0o600).catch(() => undefined);
  }
}

function open(file: string, pragmas: string[]): Kysely<Tables> {
  const database = async () => {
    const connection = new Libsql(file, { timeout: BUSY_TIMEOUT_MS });
    const all = ['journal_mode = wal', 'synchronous = full', 'foreign_keys = on', ...pragmas];
    await whenFree(async () => {
      for (const pragma of all) connection.exec(`pragma ${pragma}`);
    });
    return translating(connection);
  };
  return new Kysely<Tables>({ dialect: new LibsqlDialect({ database }) });
}

/** Takes the lock for writing at the start: a transaction that finds out later that it may not write has read in vain. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await whenFree(() => connection.executeQuery(CompiledQuery.raw('begin immediate')));
  }
}

class LibsqlDialect extends SqliteDialect {
  constructor(private readonly config: SqliteDialectConfig) {
    super(config);
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.config);
  }
}

/** Waits while another connection, of this process or another, has the lock. @throws StoreAwayError */
async function whenFree<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + WRITE_TIME_LIMIT_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error;
      await delay(1 + Math.random() * 5);
      // SQLite's own wait has blocked: without this, several that wait would let whoever has the lock never go on.
      await nextTurn();
    }
  }
}

class BusyError extends StoreAwayError {}

function isBusy(error: unknown): boolean {
  return error instanceof BusyError || codeOf(error).startsWith('SQLITE_BUSY');
}

/**
 * The connection as Kysely uses it, with errors that the rest of the store knows. Statements are kept: their memory is
 * outside of what the garbage collector sees, so thousands of them would stay around for long.
 */
function translating(connection: Libsql.Database): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => connection.close(),
    prepare: (text) => {
      const statement = statements.get(text) ?? prepare(connection, text);
      statements.delete(text);
      statements.set(text, statement);
      const [oldest] = statements.keys();
      if (statements.size > MAX_STATEMENTS && oldest !== undefined) statements.delete(oldest);
      return statement;
    },
  };
}

function prepare(connection: Libsql.Database, text: string): SqliteStatement {
  const statement = translated(() => connection.prepare(text));
  return {
    reader: statement.reader,
    all: (parameters) => translated(() => statement.all(...bound(parameters))),
    run: (parameters) => translated(() => statement.run(...bound(parameters))),
    iterate: (parameters) => statement.iterate(...bound(parameters)),
  };
}

/** The binding takes the whole process down when it is given a boolean. */
function bound(parameters: readonly unknown[]): unknown[] {
  return [parameters.map((each) => (typeof each === 'boolean' ? Number(each) : each))];
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    if (code.startsWith('SQLITE_BUSY')) throw new BusyError('the store is in use by another process');
    // The disk is full, broken or gone: that passes, or somebody sees to it.
    if (/^SQLITE_(FULL|IOERR|CANTOPEN|READONLY)/.test(code)) {
      throw new StoreAwayError(`the store cannot be used: ${(error as Error).message}`);
    }
    throw error;
  }
}

function codeOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : '';
}
