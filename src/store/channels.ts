import type { ChannelKind, OpenChannel } from '../destinations/channel';
import type { SigningKey } from '../destinations/signing-key';
import { SecretUnreadableError } from '../secrets/secret-box';
import { makeSigningKey } from '../secrets/signing-key';
import type { Changes } from './changes';
import type { Channels, StoredChannel } from './channel-store';
import type { Database, Tx } from './database';
import { findProxy, openProxy } from './egress-proxies';
import { NotFoundError } from './errors';
import { assertUnused } from './rule-references';
import { placeOf } from './sealed-tables';
import { assertVersion, nextStamp, stampOf } from './stamp';
import type { Change, IfVersion, Page } from './record';
import type { ChannelTable } from './tables';
import type { Vault } from './vault';

/** What is sealed of a channel. */
interface Secrets {
  url: string;
  key?: SigningKey;
}

/** Where notices go besides e-mail. Their URLs leave the store through `open` alone. */
export class ChannelRepository implements Channels {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly vault: Vault,
  ) {}

  async list(workspace: string, { after, limit }: Page): Promise<StoredChannel[]> {
    const rows = await this.database.reader
      .selectFrom('channels')
      .selectAll()
      .where('workspace', '=', workspace)
      .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(storedChannel);
  }

  async get(workspace: string, id: string): Promise<StoredChannel | undefined> {
    const row = await findChannel(this.database.reader, workspace, id);
    return row && storedChannel(row);
  }

  put(
    change: Change,
    { id, kind, name, url }: { id: string; kind: ChannelKind; name: string | null; url?: string | undefined },
    condition?: IfVersion,
  ): Promise<StoredChannel & { created: boolean; secret: string | null }> {
    return this.changes.run(change, async (underWay) => {
      const { tx, workspace } = underWay;
      const row = await findChannel(tx, workspace, id);
      assertVersion(`channel "${id}"`, row, condition);
      const staying = row?.kind === kind ? this.secretsOf(row, { mustOpen: url === undefined }) : undefined;
      const calledUrl = url ?? staying?.url;
      if (calledUrl === undefined) throw new NotFoundError(`channel "${id}" has no URL that could stay`);
      if (row && staying?.url === calledUrl && row.name === (name ?? '')) {
        return { ...storedChannel(row), created: false, secret: null };
      }
      const key = kind === 'webhook' ? (staying?.key ?? makeSigningKey('v1')) : undefined;
      const { seal } = await this.vault.sealer(tx);
      const secrets: Secrets = { url: calledUrl, ...(key && { key }) };
      const written: ChannelTable = {
        workspace,
        id,
        kind,
        name: name ?? '',
        origin: new URL(calledUrl).origin,
        sealed: seal(placeOf.channel(workspace, id), JSON.stringify(secrets)),
        ...nextStamp(underWay, row),
      };
      await tx
        .insertInto('channels')
        .values(written)
        .onConflict((conflict) => conflict.columns(['workspace', 'id']).doUpdateSet(written))
        .execute();
      const action = row === undefined ? 'channel.created' : 'channel.updated';
      underWay.audit(action, { type: 'channel', id }, { kind, to: written.version });
      const isMade = key !== undefined && key !== staying?.key;
      return {
        ...storedChannel(written),
        created: row === undefined,
        secret: isMade ? key.secret : null,
      };
    });
  }

  async delete(change: Change, id: string, condition?: IfVersion): Promise<void> {
    await this.changes.run(change, async (underWay) => {
      const { tx, workspace } = underWay;
      const row = await findChannel(tx, workspace, id);
      if (row === undefined) throw new NotFoundError(`there is no channel "${id}"`);
      assertVersion(`channel "${id}"`, row, condition);
      await assertUnused(underWay, 'channel', id);
      await tx.deleteFrom('channels').where('workspace', '=', workspace).where('id', '=', id).execute();
      underWay.audit('channel.deleted', { type: 'channel', id }, { from: row.version });
    });
  }

  async open(workspace: string, id: string): Promise<OpenChannel | undefined> {
    const { reader } = this.database;
    const [row, proxy] = await Promise.all([
      findChannel(reader, workspace, id),
      findProxy(reader, workspace),
    ]);
    if (row === undefined) return undefined;
    const { url, key } = this.unseal(row);
    return {
      id,
      kind: row.kind,
      url,
      ...(key && { signingKey: key }),
      ...(proxy && { proxy: openProxy(this.vault, proxy) }),
    };
  }

  /** @returns undefined for secrets that cannot be opened and need not: whoever gives the URL anew mends that */
  private secretsOf(row: ChannelTable, { mustOpen }: { mustOpen: boolean }): Secrets | undefined {
    try {
      return this.unseal(row);
    } catch (error) {
      if (mustOpen || !(error instanceof SecretUnreadableError)) throw error;
      return undefined;
    }
  }

  /** @throws SecretUnreadableError */
  private unseal({ workspace, id, sealed }: ChannelTable): Secrets {
    return JSON.parse(this.vault.open(placeOf.channel(workspace, id), sealed)) as Secrets;
  }
}

function findChannel(
  db: Database['reader'] | Tx,
  workspace: string,
  id: string,
): Promise<ChannelTable | undefined> {
  return db
    .selectFrom('channels')
    .selectAll()
    .where('workspace', '=', workspace)
    .where('id', '=', id)
    .executeTakeFirst();
}

function storedChannel(row: ChannelTable): StoredChannel {
  const { id, kind, name, origin } = row;
  return { id, kind, name: name === '' ? null : name, origin, ...stampOf(row) };
}
