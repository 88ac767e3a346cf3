import type { EgressProxy } from '../destinations/call-settings';
import type { Changes } from './changes';
import type { Database, Tx } from './database';
import { NotFoundError } from './errors';
import { placeOf } from './sealed-tables';
import { assertVersion, nextStamp, stampOf } from './stamp';
import type { EgressProxies } from './destination-store';
import type { Change, IfVersion, Stamped } from './record';
import type { EgressProxyTable } from './tables';
import type { Vault } from './vault';

type ShownProxy = Omit<EgressProxy, 'password'> & { hasPassword: boolean } & Stamped;

/** The ways out that workspaces have of their own. */
export class EgressProxyRepository implements EgressProxies {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly vault: Vault,
  ) {}

  async get(workspace: string): Promise<ShownProxy | undefined> {
    const row = await findProxy(this.database.reader, workspace);
    return row && shownProxy(row);
  }

  put(change: Change, proxy: EgressProxy, condition?: IfVersion): Promise<ShownProxy & { created: boolean }> {
    return this.changes.run(change, async (underWay) => {
      const { tx, workspace } = underWay;
      const row = await findProxy(tx, workspace);
      assertVersion('the egress proxy', row, condition);
      const { url, username = null, password } = proxy;
      const noProxy = JSON.stringify(proxy.noProxy);
      const isSameAccount = row?.url === url && row.username === username;
      if (row && isSameAccount && password === undefined && row.no_proxy === noProxy) {
        return { ...shownProxy(row), created: false };
      }
      const { seal } = await this.vault.sealer(tx);
      const staying = isSameAccount ? row.sealed : null;
      const written: EgressProxyTable = {
        workspace,
        url,
        username,
        no_proxy: noProxy,
        sealed: password === undefined ? staying : seal(placeOf.proxyPassword(workspace), password),
        ...nextStamp(underWay, row),
      };
      await tx
        .insertInto('egress_proxies')
        .values(written)
        .onConflict((conflict) => conflict.column('workspace').doUpdateSet(written))
        .execute();
      const action = row === undefined ? 'egress_proxy.created' : 'egress_proxy.updated';
      underWay.audit(action, { type: 'egress_proxy', id: workspace }, { to: written.version });
      return { ...shownProxy(written), created: row === undefined };
    });
  }

  async delete(change: Change, condition?: IfVersion): Promise<void> {
    await this.changes.run(change, async (underWay) => {
      const { tx, workspace } = underWay;
      const row = await findProxy(tx, workspace);
      if (row === undefined) throw new NotFoundError('there is no egress proxy');
      assertVersion('the egress proxy', row, condition);
      await tx.deleteFrom('egress_proxies').where('workspace', '=', workspace).execute();
      underWay.audit('egress_proxy.deleted', { type: 'egress_proxy', id: workspace }, { from: row.version });
    });
  }
}

export function findProxy(
  db: Database['reader'] | Tx,
  workspace: string,
): Promise<EgressProxyTable | undefined> {
  return db.selectFrom('egress_proxies').selectAll().where('workspace', '=', workspace).executeTakeFirst();
}

/** The proxy as calls use it. @throws SecretUnreadableError */
export function openProxy(vault: Vault, row: EgressProxyTable): EgressProxy {
  const { workspace, url, username, sealed, no_proxy: noProxy } = row;
  return {
    url,
    ...(username !== null && { username }),
    ...(sealed !== null && { password: vault.open(placeOf.proxyPassword(workspace), sealed) }),
    noProxy: JSON.parse(noProxy) as string[],
  };
}

function shownProxy(row: EgressProxyTable): ShownProxy {
  return {
    url: row.url,
    ...(row.username !== null && { username: row.username }),
    hasPassword: row.sealed !== null,
    noProxy: JSON.parse(row.no_proxy) as string[],
    ...stampOf(row),
  };
}
