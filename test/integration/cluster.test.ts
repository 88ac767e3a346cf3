import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { anyFreePort } from '../../src/temporal/free-port';
import { sampleEvent } from '../support/events';
import { until } from '../support/executions';
import { canHavePostgres, createDatabase, PostgresCluster } from '../support/postgres';
import { Program } from '../support/program';
import { answerJson, Receiver } from '../support/receiver';
import { rulebookDocument } from '../support/rules-file';
import { ApiCaller, type AcceptedAnswer } from '../support/api-caller';
import { temporaryFolder } from '../support/temporary-folder';
import { findTemporalServer, TemporalCluster } from '../support/temporal-cluster';

/** Senders of events at once. Each waits for an answer before it sends its next event. */
const SENDERS = 3;

/** How long the receiver takes, so that calls are under way when a process is told to stop. Milliseconds. */
const CALL_MS = 300;

/** The steps of the two rules that each event matches. */
const PATHS = ['/chain/1', '/chain/2', '/alone'];

const server = canHavePostgres() ? findTemporalServer() : undefined;

/** One process of the service, as a container of the compose file runs it. */
class Replica {
  private constructor(
    private program: Program,
    private readonly start: () => Program,
  ) {}

  static async start(role: string, settings: Record<string, string>): Promise<Replica> {
    const start = () => Program.start('main.js', ['--role', role], settings);
    const replica = new Replica(start(), start);
    await replica.isReady();
    return replica;
  }

  /** As an orchestrator replaces it: told to stop, waited for, started again. @returns how it ended */
  async restart(): Promise<number | null> {
    const exitCode = await this.stop();
    this.program = this.start();
    await this.isReady();
    return exitCode;
  }

  stop(): Promise<number | null> {
    return this.program.kill('SIGTERM');
  }

  private async isReady(): Promise<void> {
    await this.program.printed(/Ready/);
  }
}

/** Sends one event until an API takes it, to one API and the other in turn, as a load balancer before them does. */
async function sendUntilTaken(apis: ApiCaller[], first: number): Promise<AcceptedAnswer> {
  const event = sampleEvent({ id: randomUUID() });
  for (let nth = first; ; nth += 1) {
    const answer = await apis[nth % apis.length]?.event(event).catch(() => undefined);
    if (answer?.status === 202) return answer.body;
    await delay(20);
  }
}

(server === undefined ? describe.skip : describe)(
  'two API and two worker processes on PostgreSQL and a Temporal server',
  () => {
    let postgres: PostgresCluster;
    let temporal: TemporalCluster;
    let receiver: Receiver;
    let apis: ApiCaller[];
    let replicas: Replica[];

    beforeAll(async () => {
      postgres = await PostgresCluster.start();
      temporal = await TemporalCluster.start(server ?? '', postgres.url, temporaryFolder());
      receiver = await Receiver.start((request, response) => {
        setTimeout(() => {
          answerJson(200, { ok: true })(request, response);
        }, CALL_MS);
      });
      const folder = temporaryFolder();
      const settings = {
        DATA_DIR: folder,
        DATABASE_URL: await createDatabase(postgres.url),
        ENCRYPTION_KEY: randomBytes(32).toString('base64'),
        TEMPORAL_ADDRESS: temporal.address,
        ALLOWED_NETWORKS: '127.0.0.0/8',
        API_RATE_LIMIT: '0',
      };
      const ports = [await anyFreePort(), await anyFreePort()];
      // All at once, as compose starts them: one of them makes the tables, the namespace, the first admin key.
      replicas = await Promise.all([
        ...ports.map((port) => Replica.start('api', { ...settings, API_PORT: String(port) })),
        Replica.start('worker', settings),
        Replica.start('worker', settings),
      ]);
      const key = readFileSync(join(folder, 'admin-key'), 'utf8').trim();
      apis = ports.map((port) => new ApiCaller(`http://127.0.0.1:${port}`, key));
      const [chain1, chain2, alone] = PATHS.map((path) => receiver.url + path) as [string, string, string];
      const rules = rulebookDocument({ id: 'chain', urls: [chain1, chain2] }, { id: 'alone', urls: [alone] });
      await apis[0]?.call('PUT', '/v1/rules', rules);
    }, 300_000);
    afterAll(async () => {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await receiver.close();
      await temporal.stop();
      await postgres.remove();
    });

    it('lose nothing and repeat nothing while each of them is restarted under load', async () => {
      const taken: AcceptedAnswer[] = [];
      let restarting = true;
      const senders = Array.from({ length: SENDERS }, async (_, nth) => {
        while (restarting) {
          taken.push(await sendUntilTaken(apis, nth + taken.length));
          await receiver.received(taken.length, '/alone');
        }
      });
      await receiver.received(SENDERS, '/chain/2');
      const exitCodes: (number | null)[] = [];
      for (const replica of replicas) exitCodes.push(await replica.restart());
      restarting = false;
      await Promise.all(senders);

      const executions = taken.flatMap((answer) => answer.executions);
      await until(async () => {
        const answer = await apis[0]?.get<{ count: number }>('/v1/executions/count?status=delivered');
        return answer?.body.count === executions.length ? true : undefined;
      });
      const expected = taken.flatMap((answer) =>
        answer.executions.flatMap(({ execution_id: id, rule_id: rule }) =>
          PATHS.filter((path) => path.startsWith(`/${rule}`)).map((path) => `${id} ${path}`),
        ),
      );
      const made = receiver.requests.map(({ json, path }) => `${String(json['execution_id'])} ${path}`);
      expect(exitCodes).toEqual([0, 0, 0, 0]);
      expect(taken.every(({ matched }) => matched === 2)).toBe(true);
      expect(made.sort()).toEqual(expected.sort());
    }, 300_000);

    it('answer lists as before once the indexes that nothing asks for are dropped', async () => {
      const lists = ['status=delivered', 'rule=alone', `destination=${receiver.url}`];
      const countAll = () =>
        Promise.all(
          lists.map(
            async (list) =>
              (await apis[1]?.get<{ count: number }>(`/v1/executions/count?${list}`))?.body.count,
          ),
        );
      const before = await countAll();
      const script = readFileSync(join(__dirname, '../../deploy/temporal/drop-unused-indexes.sql'), 'utf8');
      const url = Object.assign(new URL(postgres.url), { pathname: '/temporal_visibility' });
      const visibility = new Client({ connectionString: url.href });
      await visibility.connect();
      const countIndexes = async () => {
        const { rows } = await visibility.query<{ count: string }>(
          "select count(*) from pg_indexes where tablename = 'executions_visibility'",
        );
        return Number(rows[0]?.count);
      };
      const indexes = await countIndexes();
      await visibility.query(script);
      const dropped = indexes - (await countIndexes());
      await visibility.end();
      const empty = lists.filter((_, nth) => !before[nth]);
      expect({ dropped, empty, lists: await countAll() }).toEqual({ dropped: 35, empty: [], lists: before });
    });
  },
);
