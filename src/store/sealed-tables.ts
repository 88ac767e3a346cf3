/** What each sealed secret belongs to: it can be opened for that alone. */
export const placeOf = {
  credential: (workspace: string, id: string) => `credential/${workspace}/${id}`,
  signingKey: (workspace: string, origin: string, id: string) => `signing-key/${workspace}/${origin}/${id}`,
  proxyPassword: (workspace: string) => `egress-proxy/${workspace}`,
  channel: (workspace: string, id: string) => `channel/${workspace}/${id}`,
};

type Row = Record<string, string>;

/** Where secrets lie sealed, each in the column `sealed`. */
export const SEALED_TABLES: readonly {
  table: 'credentials' | 'signing_keys' | 'egress_proxies' | 'channels';
  /** The primary key. */
  key: readonly string[];
  place: (row: Row) => string;
}[] = [
  {
    table: 'credentials',
    key: ['workspace', 'id'],
    place: ({ workspace = '', id = '' }) => placeOf.credential(workspace, id),
  },
  {
    table: 'signing_keys',
    key: ['workspace', 'origin', 'id'],
    place: ({ workspace = '', origin = '', id = '' }) => placeOf.signingKey(workspace, origin, id),
  },
  {
    table: 'egress_proxies',
    key: ['workspace'],
    place: ({ workspace = '' }) => placeOf.proxyPassword(workspace),
  },
  {
    table: 'channels',
    key: ['workspace', 'id'],
    place: ({ workspace = '', id = '' }) => placeOf.channel(workspace, id),
  },
];
