import { sql } from 'kysely';
import type { ColumnTypes, Database, Tx } from './database';
import { auditFilters } from './migrations/audit-filters';
import { callingProcesses } from './migrations/calling-processes';
import { channels } from './migrations/channels';
import { destinationCalls } from './migrations/destination-calls';
import { destinationHolds } from './migrations/destination-holds';
import { destinationRecovery } from './migrations/destination-recovery';
import { escalations } from './migrations/escalations';
import { eventFilters } from './migrations/event-filters';
import { eventTraces } from './migrations/event-traces';
import { firstSchema } from './migrations/first-schema';
import { scorecardStates } from './migrations/scorecard-states';
import { secretsOfDestinations } from './migrations/secrets-of-destinations';
import { sessions } from './migrations/sessions';
import { fillEventFilters } from './fill-event-filters';
import { fillRuleCalls } from './rule-calls';
import { StoreSetupError } from './setup-error';

interface Step {
  statements: (types: ColumnTypes) => string[];
  /** Fills what the statements have made with what follows from what was there. */
  fill?: (tx: Tx) => Promise<void>;
}

/**
 * The schema in steps, each in a file of `migrations/`. A step that was released is never edited: a change is a step of its own at the end. What tables
 * mean stands in `tables.ts`.
 */
const STEPS: readonly Step[] = [
  { statements: firstSchema },
  { statements: secretsOfDestinations, fill: fillRuleCalls },
  { statements: callingProcesses },
  { statements: destinationHolds },
  { statements: escalations },
  { statements: destinationCalls },
  { statements: auditFilters },
  { statements: channels },
  { statements: sessions },
  { statements: destinationRecovery },
  { statements: scorecardStates },
  { statements: eventFilters, fill: fillEventFilters },
  { statements: eventTraces },
];

/**
 * Brings the schema up to date: all missing steps in one transaction, while other processes that start wait.
 *
 * @throws StoreSetupError when the schema is newer than this program
 */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await database.lockSchema(tx);
    await sql`create table if not exists schema_version (version integer not null)`.execute(tx);
    const { rows } = await sql<{ version: number }>`select version from schema_version`.execute(tx);
    const version = rows[0]?.version ?? 0;
    if (version === STEPS.length) return;
    if (version > STEPS.length) {
      throw new StoreSetupError(
        `The store (${database.description}) was written by a newer version of this program: ` +
          `its schema is ${version}, and this program knows ${STEPS.length}. Start that version again.`,
      );
    }
    for (const step of STEPS.slice(version)) {
      for (const statement of step.statements(database.columnTypes)) await sql.raw(statement).execute(tx);
      await step.fill?.(tx);
    }
    await sql`delete from schema_version`.execute(tx);
    await sql`insert into schema_version (version) values (${STEPS.length})`.execute(tx);
  });
}
