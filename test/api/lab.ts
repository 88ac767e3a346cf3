import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import { makeApiKey } from '../../src/api/api-key';
import { startApi, type Api, type ApiSettings } from '../../src/api/server';
import type { ChannelAnswer, OpenChannel } from '../../src/destinations/channel';
import type { EgressSettings } from '../../src/delivery/egress';
import { releaseHeld } from '../../src/client/release-held';
import { createUrlCheck } from '../../src/delivery/url-check';
import { createEventIntake } from '../../src/ingest/accept-event';
import { EventDataGuard } from '../../src/ingest/event-data';
import { EventStarter } from '../../src/ingest/event-starter';
import { TemporalReach } from '../../src/ingest/temporal-reach';
import { createLog } from '../../src/observability/log/log';
import { createLiveRuleIndex } from '../../src/store/live-rule-index';
import { openStore } from '../../src/store/open-store';
import type { Role } from '../../src/store/api-key-store';
import type { Store } from '../../src/store/store';
import { testEgressSettings } from '../support/egress';
import { createDataConverter } from '../../src/temporal/payload-codec';
import { ApiCaller, type Answered } from '../support/api-caller';
import { temporaryFolder } from '../support/temporary-folder';
import { Contract } from './contract';

/** A caller whose every answer is held to the OpenAPI document. */
export class CheckedCaller extends ApiCaller {
  constructor(
    url: string,
    key: string,
    readonly contract: Contract,
    readonly workspace: string,
  ) {
    super(url, key);
  }

  override async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered<Body>> {
    const answer = await super.call<Body>(method, path, body, headers);
    this.contract.check(method, path, body, answer);
    return answer;
  }
}

/** No test of the API depends on the name servers of this machine. */
const everyHostIsPublic = async () => ['93.184.216.34'];

/** The API over a store of its own, put together as the service does it. No worker: what is started waits. */
export class ApiLab {
  private workspaces = 0;

  private constructor(
    readonly api: Api,
    readonly store: Store,
    readonly client: Client,
    readonly contract: Contract,
    /** The lines of the log. */
    readonly log: string[],
    private readonly admin: string,
    private readonly closeOthers: () => Promise<void>,
  ) {}

  /** @param connection to a real server; absent: Temporal is away */
  static async open(
    connection?: NativeConnection,
    {
      startTimeLimitMs,
      egress = {},
      dataConverter = createDataConverter([]),
      tried = () => ({ sent: true, status: 200, durationMs: 1 }),
      ...settings
    }: Partial<ApiSettings> & {
      startTimeLimitMs?: number;
      egress?: Partial<EgressSettings>;
      dataConverter?: DataConverter;
      /** What comes of a test message. */
      tried?: (workspace: string, channel: OpenChannel) => ChannelAnswer;
    } = {},
  ): Promise<ApiLab> {
    const store = await openStore({ dataFolder: temporaryFolder() });
    const warn = () => undefined;
    const live = createLiveRuleIndex(store.feed, { pollMs: 500, warn });
    const nowhere = Connection.lazy({ address: '127.0.0.1:1' });
    const client = new Client({ connection: connection ?? nowhere, dataConverter });
    const index = () => live.refreshed();
    const intake = createEventIntake({
      store,
      rules: live,
      starter: new EventStarter(client, store),
      reach: new TemporalReach(client, startTimeLimitMs),
      dataGuard: new EventDataGuard(store),
    });
    const log: string[] = [];
    const api = await startApi(
      {
        store,
        client,
        intake,
        index,
        urlCheck: createUrlCheck(testEgressSettings({ resolve: everyHostIsPublic, ...egress })),
        releaseHeld: async (which) => {
          if (connection) await releaseHeld(client, 1_000, which);
        },
        tryChannel: async (workspace, channel) => tried(workspace, channel),
        log: createLog({ level: 'debug', role: 'api' }, { write: (line: string) => log.push(line) }),
      },
      {
        host: '127.0.0.1',
        port: 0,
        trustedProxies: [],
        requestsPerSecond: 0,
        codecOrigins: [],
        dashboardFolder: temporaryFolder(),
        ...settings,
      },
    );
    const { id, key, hash } = makeApiKey();
    const change = { workspace: 'default', actor: 'start' };
    await store.apiKeys.create(change, { id, name: 'Operator', role: 'admin', hash });
    const closeOthers = async () => {
      live.close();
      await store.close();
      await nowhere.close();
    };
    return new ApiLab(api, store, client, await Contract.of(api.url), log, key, closeOthers);
  }

  /** An admin of the default workspace. */
  operator(): CheckedCaller {
    return this.caller(this.admin, 'default');
  }

  /** An admin of a new workspace. */
  async workspace(): Promise<CheckedCaller> {
    this.workspaces += 1;
    const id = `workspace-${this.workspaces}`;
    const { body } = await this.operator().call<{ key: string }>('POST', '/v1/workspaces', { id, name: id });
    return this.caller(body.key, id);
  }

  /** A caller with a new key of a role, in the workspace of an admin. */
  async colleague(admin: CheckedCaller, role: Role): Promise<CheckedCaller> {
    const body = { name: `A ${role}`, role };
    const { body: created } = await admin.call<{ key: string }>('POST', '/v1/api-keys', body);
    return this.caller(created.key, admin.workspace);
  }

  caller(key: string, workspace: string): CheckedCaller {
    return new CheckedCaller(this.api.url, key, this.contract, workspace);
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.closeOthers();
  }
}

/** What is wrong with a request, by path. */
export function pathsOf({ body }: Answered<object>): string[] {
  return (body as { errors: { path: string }[] }).errors.map(({ path }) => path);
}
