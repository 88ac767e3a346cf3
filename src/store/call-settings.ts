import {
  CredentialUnusableError,
  type CallSettings,
  type CallSettingsSource,
  type Versioned,
} from '../destinations/call-settings';
import {
  credentialSchema,
  type CredentialDocument,
  type HttpCredential,
  type TlsCredential,
} from '../destinations/credential';
import type { SigningKey } from '../destinations/signing-key';
import { problemLine, problemsOf } from '../rules/problems';
import { makeSigningKey } from '../secrets/signing-key';
import type { Changes } from './changes';
import { whyUnusable, type CredentialUse } from './credential-fit';
import { findCredentials, usableOf } from './credential-rows';
import type { Database } from './database';
import { ensureDestination, findDestination, settingsOf, standingOf } from './destination-rows';
import { findProxy, openProxy } from './egress-proxies';
import { placeOf } from './sealed-tables';
import { insertSigningKey, liveSigningKeys, openSigningKey } from './signing-keys';
import type { CredentialTable } from './tables';
import type { Vault } from './vault';

/** In the audit log, for what is done because of a call. */
const ACTOR = 'delivery';

/** Settings of calls: four reads by primary key for each, and a write before the first call to an origin alone. */
export class StoredCallSettings implements CallSettingsSource {
  /** First keys that are being made: thousands of first calls may come at once. */
  private readonly making = new Map<string, Promise<SigningKey[]>>();

  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly vault: Vault,
  ) {}

  async callSettings(
    workspace: string,
    origin: string,
    named: { auth?: string | undefined; tls?: string | undefined },
  ): Promise<CallSettings> {
    const { reader } = this.database;
    const [destination, proxy, keys] = await Promise.all([
      findDestination(reader, workspace, origin),
      findProxy(reader, workspace),
      liveSigningKeys(reader, workspace, [origin]),
    ]);
    const settings = settingsOf(destination);
    const credential = await this.credentials(workspace, origin, {
      auth: named.auth ?? settings.auth,
      tls: named.tls ?? settings.tls,
    });
    return {
      signingKeys:
        keys.length > 0
          ? keys.map((row) => openSigningKey(this.vault, row))
          : await this.firstSigningKeys(workspace, origin),
      ...credential,
      limits: settings.limits,
      standing: standingOf(destination),
      isFailing: destination?.failing_since != null || destination?.outage_since != null,
      ...(proxy && { proxy: openProxy(this.vault, proxy) }),
    };
  }

  private async credentials(
    workspace: string,
    origin: string,
    { auth, tls }: Record<CredentialUse, string | null>,
  ): Promise<Pick<CallSettings, 'auth' | 'tls'>> {
    const ids = [auth, tls].filter((id) => id !== null);
    const rows = await findCredentials(this.database.reader, workspace, ids);
    const open = <T extends CredentialDocument>(id: string, use: CredentialUse) =>
      this.open(id, rows.get(id), use, origin) as Versioned<T>;
    return {
      ...(auth !== null && { auth: open<HttpCredential>(auth, 'auth') }),
      ...(tls !== null && { tls: open<TlsCredential>(tls, 'tls') }),
    };
  }

  private open(
    id: string,
    row: CredentialTable | undefined,
    use: CredentialUse,
    origin: string,
  ): Versioned<CredentialDocument> {
    const there = row?.deleted === 0 ? row : undefined;
    const reason = whyUnusable(id, there && usableOf(there.document), use, origin);
    if (there === undefined || reason !== undefined) throw new CredentialUnusableError(reason);
    const { workspace, document, sealed, version } = there;
    const secrets = sealed === null ? '{}' : this.vault.open(placeOf.credential(workspace, id), sealed);
    const parsed = credentialSchema.safeParse({
      ...(JSON.parse(document) as object),
      ...(JSON.parse(secrets) as object),
    });
    if (parsed.success) return { id, version, credential: parsed.data };
    // Another version of this program saved it.
    const problems = problemsOf(parsed.error).map(problemLine).join('; ');
    throw new CredentialUnusableError(`credential "${id}" is not valid any more: ${problems}`);
  }

  private firstSigningKeys(workspace: string, origin: string): Promise<SigningKey[]> {
    const id = `${workspace} ${origin}`;
    const making = this.making.get(id) ?? this.makeFirstSigningKey(workspace, origin);
    this.making.set(id, making);
    return making.finally(() => this.making.delete(id));
  }

  /** Makes the key, unless another process has made it meanwhile. */
  private makeFirstSigningKey(workspace: string, origin: string): Promise<SigningKey[]> {
    return this.changes.run({ workspace, actor: ACTOR }, async (underWay) => {
      const { tx } = underWay;
      const there = await liveSigningKeys(tx, workspace, [origin]);
      if (there.length > 0) return there.map((row) => openSigningKey(this.vault, row));
      const key = makeSigningKey('v1');
      await ensureDestination(tx, workspace, origin);
      await insertSigningKey(underWay, this.vault, origin, key, { shown: false });
      const details = { key: key.id, algorithm: key.algorithm };
      underWay.audit('signing_key.created', { type: 'destination', id: origin }, details);
      return [key];
    });
  }
}
