import type { EscalationDecision, GatheredEscalations, NewEscalation } from '../shared/escalations';
import type { EscalatedExecution } from '../shared/escalations';
import type { Database, Tx } from './database';
import type { Escalations } from './escalation-store';
import type { EscalationTable } from './tables';

/** A window that has ended, for a rule that has none yet. */
const LONG_AGO = new Date(0).toISOString();

/** Executions that were escalated, and which notice told of each. */
export class EscalationRepository implements Escalations {
  constructor(private readonly database: Database) {}

  async record(escalation: NewEscalation, digestMs: number): Promise<EscalationDecision> {
    const { workspace, executionId, ruleId } = escalation;
    return this.database.transaction(async (tx) => {
      const endsAt = await lockWindow(tx, workspace, ruleId);
      const known = await tx
        .selectFrom('escalations')
        .select('gathered_until')
        .where('workspace', '=', workspace)
        .where('execution_id', '=', executionId)
        .executeTakeFirst();
      if (known !== undefined) return decisionOf(known.gathered_until, true);

      const untold = await tx
        .selectFrom('escalations')
        .select('gathered_until')
        .where('workspace', '=', workspace)
        .where('rule_id', '=', ruleId)
        .where('notice_id', 'is', null)
        .limit(1)
        .executeTakeFirst();
      const isOpen = endsAt > escalation.at || untold !== undefined;
      const until = digestMs > 0 && isOpen ? (untold?.gathered_until ?? endsAt) : null;
      await tx.insertInto('escalations').values(rowOf(escalation, until)).execute();
      if (digestMs > 0 && until === null) {
        await setWindow(tx, workspace, ruleId, new Date(Date.parse(escalation.at) + digestMs).toISOString());
      }
      return decisionOf(until, untold === undefined);
    });
  }

  async gather(
    { workspace, ruleId }: { workspace: string; ruleId: string },
    noticeId: string,
    next: string,
  ): Promise<number> {
    return this.database.transaction(async (tx) => {
      await lockWindow(tx, workspace, ruleId);
      await tx
        .updateTable('escalations')
        .set({ notice_id: noticeId })
        .where('workspace', '=', workspace)
        .where('rule_id', '=', ruleId)
        .where('notice_id', 'is', null)
        .execute();
      const total = await countOf(tx, workspace, noticeId);
      if (total > 0) await setWindow(tx, workspace, ruleId, next);
      return total;
    });
  }

  async notice(workspace: string, noticeId: string): Promise<GatheredEscalations> {
    const { reader } = this.database;
    const newest = await reader
      .selectFrom('escalations')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('notice_id', '=', noticeId)
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return {
      total: await countOf(reader, workspace, noticeId),
      rule: newest && { id: newest.rule_id, name: newest.rule_name },
      owner: newest && {
        email: newest.owner_email,
        ...(newest.owner_name !== null && { name: newest.owner_name }),
      },
    };
  }

  async ofNotice(
    workspace: string,
    noticeId: string,
    { offset, limit }: { offset: number; limit: number },
  ): Promise<EscalatedExecution[]> {
    const rows = await this.database.reader
      .selectFrom('escalations')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('notice_id', '=', noticeId)
      .orderBy('at')
      .orderBy('execution_id')
      .offset(offset)
      .limit(limit)
      .execute();
    return rows.map(escalatedOf);
  }

  async ofExecution(
    workspace: string,
    executionId: string,
  ): Promise<{ noticeId: string | undefined; escalated: EscalatedExecution } | undefined> {
    const row = await this.database.reader
      .selectFrom('escalations')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('execution_id', '=', executionId)
      .executeTakeFirst();
    return row && { noticeId: row.notice_id ?? undefined, escalated: escalatedOf(row) };
  }

  async rulesEscalated(workspace: string, origin: string, since: string): Promise<string[]> {
    const rows = await this.database.reader
      .selectFrom('escalations')
      .select('rule_id')
      .distinct()
      .where('workspace', '=', workspace)
      .where('origin', '=', origin)
      .where('at', '>=', since)
      .orderBy('rule_id')
      .execute();
    return rows.map(({ rule_id: id }) => id);
  }

  async deleteBefore(time: string): Promise<number> {
    const { numDeletedRows } = await this.database.transaction((tx) =>
      tx
        .deleteFrom('escalations')
        .where('at', '<', time)
        .where('notice_id', 'is not', null)
        .executeTakeFirstOrThrow(),
    );
    return Number(numDeletedRows);
  }
}

/** Until the transaction ends, nobody else decides about this rule's. @returns when its window ends */
async function lockWindow(tx: Tx, workspace: string, ruleId: string): Promise<string> {
  const { ends_at: endsAt } = await tx
    .insertInto('escalation_windows')
    .values({ workspace, rule_id: ruleId, ends_at: LONG_AGO })
    .onConflict((conflict) =>
      conflict
        .columns(['workspace', 'rule_id'])
        .doUpdateSet((eb) => ({ ends_at: eb.ref('escalation_windows.ends_at') })),
    )
    .returning('ends_at')
    .executeTakeFirstOrThrow();
  return endsAt;
}

async function setWindow(tx: Tx, workspace: string, ruleId: string, endsAt: string): Promise<void> {
  await tx
    .updateTable('escalation_windows')
    .set({ ends_at: endsAt })
    .where('workspace', '=', workspace)
    .where('rule_id', '=', ruleId)
    .execute();
}

async function countOf(db: Database['reader'] | Tx, workspace: string, noticeId: string): Promise<number> {
  const { count } = await db
    .selectFrom('escalations')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('workspace', '=', workspace)
    .where('notice_id', '=', noticeId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

function decisionOf(until: string | null, isFirst: boolean): EscalationDecision {
  return until === null ? { kind: 'alone' } : { kind: 'gathered', until, isFirst };
}

function rowOf(escalation: NewEscalation, until: string | null): EscalationTable {
  const { workspace, executionId, ruleId, ruleName, domain, origin, url, error, at, owner } = escalation;
  // PostgreSQL's texts cannot hold a NUL.
  const kept = (text: string) => text.replaceAll('\0', '');
  return {
    workspace,
    execution_id: executionId,
    rule_id: ruleId,
    rule_name: kept(ruleName),
    domain,
    origin,
    url: kept(url),
    error: kept(error),
    at,
    owner_name: owner.name === undefined ? null : kept(owner.name),
    owner_email: owner.email,
    gathered_until: until,
    notice_id: until === null ? executionId : null,
  };
}

function escalatedOf(row: EscalationTable): EscalatedExecution {
  const {
    execution_id: executionId,
    rule_id: ruleId,
    rule_name: ruleName,
    domain,
    origin,
    url,
    error,
    at,
  } = row;
  return { executionId, ruleId, ruleName, domain, origin, url, error, at };
}
