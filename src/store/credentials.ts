import {
  SECRET_FIELDS,
  secretsThatMayStay,
  type CredentialDocument,
  type SecretField,
} from '../destinations/credential';
import { SecretUnreadableError } from '../secrets/secret-box';
import { canonicalJson } from '../shared/canonical-json';
import type { JsonObject } from '../shared/json';
import type { Changes, ChangeUnderWay } from './changes';
import { whyUnusable, type CredentialUse, type UsableCredential } from './credential-fit';
import { findCredentials } from './credential-rows';
import type { Database } from './database';
import { InUseError, NotFoundError } from './errors';
import { namedRules } from './rule-references';
import { placeOf } from './sealed-tables';
import { assertVersion, nextStamp, stampOf } from './stamp';
import type { Credentials, StoredCredential } from './destination-store';
import type { Change, IfVersion, Page } from './record';
import type { CredentialTable } from './tables';
import type { Vault } from './vault';

type Secrets = Partial<Record<SecretField, string>>;

/** What calls authenticate with. Their secrets leave the store through `callSettings` alone. */
export class CredentialRepository implements Credentials {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly vault: Vault,
  ) {}

  async list(workspace: string, { after, limit }: Page): Promise<StoredCredential[]> {
    const rows = await this.database.reader
      .selectFrom('credentials')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('deleted', '=', 0)
      .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(storedCredential);
  }

  async get(workspace: string, id: string): Promise<StoredCredential | undefined> {
    const row = (await findCredentials(this.database.reader, workspace, [id])).get(id);
    return row?.deleted === 0 ? storedCredential(row) : undefined;
  }

  put(
    change: Change,
    id: string,
    written: JsonObject,
    complete: (whole: JsonObject) => CredentialDocument,
    condition?: IfVersion,
  ): Promise<StoredCredential & { created: boolean }> {
    return this.changes.run(change, async (underWay) => {
      const row = (await findCredentials(underWay.tx, change.workspace, [id])).get(id);
      const there = row?.deleted === 0 ? row : undefined;
      assertVersion(`credential "${id}"`, there, condition);
      const missing = there ? missingSecrets(written, JSON.parse(there.document) as JsonObject) : [];
      const before = there && this.secretsOf(there, { mustOpen: missing.length > 0 });
      const credential = complete(withSecrets(written, missing, before ?? {}));
      const { document, secrets } = split(credential);
      if (there && before && saysTheSame(there, before, document, secrets)) {
        return { ...storedCredential(there), created: false };
      }
      if (there) await assertFitsItsUses(underWay, id, credential);
      const fields = Object.keys(secrets);
      const { seal } = await this.vault.sealer(underWay.tx);
      const place = placeOf.credential(change.workspace, id);
      const saved = await save(underWay, {
        workspace: change.workspace,
        id,
        kind: credential.kind,
        document: JSON.stringify(document),
        secret_fields: JSON.stringify(fields),
        sealed: fields.length === 0 ? null : seal(place, JSON.stringify(secrets)),
        deleted: 0,
        ...nextStamp(underWay, row, { again: there === undefined }),
      });
      const action = there === undefined ? 'credential.created' : 'credential.updated';
      underWay.audit(action, { type: 'credential', id }, { kind: saved.kind, to: saved.version });
      return { ...storedCredential(saved), created: there === undefined };
    });
  }

  async delete(change: Change, id: string, condition?: IfVersion): Promise<void> {
    await this.changes.run(change, async (underWay) => {
      const row = (await findCredentials(underWay.tx, change.workspace, [id])).get(id);
      if (row?.deleted !== 0) throw new NotFoundError(`there is no credential "${id}"`);
      assertVersion(`credential "${id}"`, row, condition);
      await assertFitsItsUses(underWay, id, undefined);
      await save(underWay, {
        ...row,
        document: '{}',
        secret_fields: '[]',
        sealed: null,
        deleted: 1,
        ...nextStamp(underWay, row),
      });
      underWay.audit('credential.deleted', { type: 'credential', id }, { from: row.version });
    });
  }

  /** @returns undefined for secrets that cannot be opened and need not: whoever gives all of them anew mends that */
  private secretsOf(
    { workspace, id, sealed }: CredentialTable,
    { mustOpen }: { mustOpen: boolean },
  ): Secrets | undefined {
    if (sealed === null) return {};
    try {
      return JSON.parse(this.vault.open(placeOf.credential(workspace, id), sealed)) as Secrets;
    } catch (error) {
      if (mustOpen || !(error instanceof SecretUnreadableError)) throw error;
      return undefined;
    }
  }
}

export function storedCredential(row: CredentialTable): StoredCredential {
  return {
    id: row.id,
    document: JSON.parse(row.document) as JsonObject,
    secretFields: JSON.parse(row.secret_fields) as string[],
    ...stampOf(row),
  };
}

/** The secrets that are left out and may stay as they are. */
function missingSecrets(written: JsonObject, before: JsonObject): SecretField[] {
  return secretsThatMayStay(written, before).filter((field) => written[field] === undefined);
}

function withSecrets(written: JsonObject, staying: readonly SecretField[], before: Secrets): JsonObject {
  const isTakenAway = ([key, value]: [string, unknown]) => value === null && isSecret(key);
  const kept = staying.flatMap((field) =>
    before[field] === undefined ? [] : [[field, before[field]] as const],
  );
  return {
    ...Object.fromEntries(Object.entries(written).filter((entry) => !isTakenAway(entry))),
    ...Object.fromEntries(kept),
  };
}

function split(credential: CredentialDocument): { document: JsonObject; secrets: Secrets } {
  const document: JsonObject = {};
  const secrets: Secrets = {};
  for (const [key, value] of Object.entries(credential)) {
    if (value === undefined) continue;
    if (!isSecret(key)) document[key] = value;
    else if (typeof value === 'string') secrets[key] = value;
  }
  return { document, secrets };
}

function isSecret(key: string): key is SecretField {
  return (SECRET_FIELDS as readonly string[]).includes(key);
}

function saysTheSame(row: CredentialTable, before: Secrets, document: JsonObject, secrets: Secrets): boolean {
  return (
    canonicalJson(JSON.parse(row.document)) === canonicalJson(document) &&
    canonicalJson(before) === canonicalJson(secrets)
  );
}

/** @param credential as it will be; undefined when it will not be there */
async function assertFitsItsUses(
  { tx, workspace }: ChangeUnderWay,
  id: string,
  credential: UsableCredential | undefined,
): Promise<void> {
  for (const use of ['auth', 'tls'] as const) {
    const rules = await tx
      .selectFrom('rule_calls')
      .select(['rule_id as id', 'origin'])
      .where('workspace', '=', workspace)
      .where(use, '=', id)
      .orderBy('rule_id')
      .execute();
    const destinations = await tx
      .selectFrom('destinations')
      .select('origin')
      .where('workspace', '=', workspace)
      .where(use, '=', id)
      .orderBy('origin')
      .execute();
    const misfits = rules.filter((rule) => isMisfit(id, credential, use, rule.origin));
    if (misfits.length > 0) {
      const ids = [...new Set(misfits.map((rule) => rule.id))];
      throw inUse(id, credential, namedRules(ids.map((each) => ({ id: each }))));
    }
    const origin = destinations.find((each) => isMisfit(id, credential, use, each.origin))?.origin;
    if (origin !== undefined) throw inUse(id, credential, `destination ${origin}`);
  }
}

function isMisfit(
  id: string,
  credential: UsableCredential | undefined,
  use: CredentialUse,
  origin: string,
): boolean {
  return whyUnusable(id, credential, use, origin) !== undefined;
}

function inUse(id: string, credential: UsableCredential | undefined, by: string): InUseError {
  const so = credential === undefined ? '' : ', which it would not fit any more: see its kind and origins';
  return new InUseError(`credential "${id}" is in use by ${by}${so}`);
}

async function save({ tx }: ChangeUnderWay, row: CredentialTable): Promise<CredentialTable> {
  await tx
    .insertInto('credentials')
    .values(row)
    .onConflict((conflict) => conflict.columns(['workspace', 'id']).doUpdateSet(row))
    .execute();
  return row;
}
