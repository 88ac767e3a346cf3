import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables';

export type Tx = Transaction<Tables>;

/** What the repositories need of a database. Errors of its absence come as StoreAwayError; none holds credentials. */
export interface Database {
  /** What it is and where, for people; no credentials. */
  readonly description: string;
  /** How it writes what SQL has no common word for. */
  readonly columnTypes: ColumnTypes;
  /** For reading alone, outside of transactions: sees what was committed. */
  readonly reader: Kysely<Tables>;
  /** Runs a transaction that may write. What `work` throws rolls it back. May be run again when it lost to another. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Lets one process at a time go on, until the transaction ends. */
  lockSchema(tx: Tx): Promise<void>;
  close(): Promise<void>;
}

export interface ColumnTypes {
  /** Texts are compared by their bytes in both databases, whatever language the server was set up for. */
  text: string;
  /** A primary key that counts by itself and never goes back. */
  counter: string;
}
