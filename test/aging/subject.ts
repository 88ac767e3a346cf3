import type { Store } from '../../src/store/store';
import type { ServiceChild } from '../support/service-child';

/** What grows old: a service, and the servers that it uses. */
export interface Subject {
  service: ServiceChild;
  /** Temporal's address. It keeps executions for as short a time as it is told. */
  temporal: string;
  /** Of the service, opened once more. */
  store: Store;
  /** Rows of all tables of the store; bytes of the store and of Temporal's databases. */
  databases(): Promise<DatabaseSizes>;
  close(): Promise<void>;
}

export type DatabaseSizes = Record<'rows' | 'store' | 'temporal', number>;

/** What a subject is started with. */
export interface SubjectSettings {
  /** A folder of its own. */
  folder: string;
  /** Variables of the service. */
  variables: Record<string, string>;
  /** Of the service's Node. */
  nodeOptions: readonly string[];
}
