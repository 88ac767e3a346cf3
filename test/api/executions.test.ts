import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { workflowIdOf } from '../../src/shared/ids';
import { sampleEvent } from '../support/events';
import { until } from '../support/executions';
import { rulebookDocument } from '../support/rules-file';
import { createLocalEnvironment } from '../support/temporal';
import { ApiLab, pathsOf, type CheckedCaller } from './lab';

interface Listed {
  execution_id: string;
  rule: { id: string };
}

const urls = ['https://example.com/hook'];

let environment: TestWorkflowEnvironment;
let lab: ApiLab;
let admin: CheckedCaller;
let ids: string[];
beforeAll(async () => {
  environment = await createLocalEnvironment();
  lab = await ApiLab.open(environment.nativeConnection);
  admin = await lab.workspace();
  await admin.call('PUT', '/v1/rules', rulebookDocument({ id: 'one', urls }, { id: 'two', urls }));
  const { body } = await admin.event(sampleEvent({ id: 'e-1' }));
  const tried = await admin.event(sampleEvent({ id: 'e-2', trial: { rule_id: 'one' } }));
  ids = [...body.executions, ...tried.body.executions].map(({ execution_id }) => execution_id);
  // Temporal's lists come a moment later.
  await until(async () => (await admin.all('/v1/executions'))[2]);
});
afterAll(async () => {
  await lab.close();
  await environment.teardown();
});

async function listed(query: string): Promise<string[]> {
  const items = await admin.all<Listed>(`/v1/executions?${query}`);
  return items.map(({ execution_id }) => execution_id).sort();
}

async function count(query: string): Promise<unknown> {
  return (await admin.get(`/v1/executions/count?${query}`)).body['count'];
}

describe('executions', () => {
  it.each<[string, number[]]>([
    ['', [0, 1, 2]],
    ['rule=two', [1]],
    ['rule=none', []],
    ['domain=Example.com', [0, 1, 2]],
    ['domain=example.org', []],
    ['status=running', [0, 1, 2]],
    ['status=delivered', []],
    ['status=delivered,delivering', [0, 1, 2]],
    ['status=held,paused', []],
    ['q=e-1', [0, 1]],
    ['q=two', [1]],
    ['q=exam', [0, 1, 2]],
    ['q=Example.COM', [0, 1, 2]],
    ['q=ample.com', []],
    ['q=exa_ple', []],
    ['q=https://example.com', [0, 1, 2]],
    ['q=https://example.com/another?path', [0, 1, 2]],
    ['q=https://example.org', []],
    ['q=two&event=e-2', []],
    [`q=${encodeURIComponent("x' OR RuleId = 'one")}`, []],
    [`q=${encodeURIComponent('%')}`, []],
    ['event=e-1', [0, 1]],
    ['type=score_drop_threshold', [0, 1, 2]],
    ['type=grade_drop', []],
    ['test=true', [2]],
    ['test=false&rule=one', [0]],
    ['from=2020-01-01T00:00:00Z', [0, 1, 2]],
    ['to=2020-01-01T00:00:00%2B01:00', []],
    [`rule=${encodeURIComponent("x' OR RuleId = 'one")}`, []],
  ])('are listed and counted with %s', async (query, expected) => {
    expect(await listed(query)).toEqual(expected.map((nth) => ids[nth]).sort());
    expect(await count(query)).toBe(expected.length);
  });

  it('are found by their ids, however these are written', async () => {
    const [id = ''] = ids;
    expect(await listed(`q=${id}`)).toEqual([id]);
    expect(await listed(`q=${id.toUpperCase()}`)).toEqual([id]);
    expect(await count(`q=${id}`)).toBe(1);
    expect(await listed(`q=${crypto.randomUUID()}`)).toEqual([]);
  });

  it('are exported with the same words', async () => {
    const response = await fetch(`${lab.api.url}/v1/executions/export?q=two&status=running,held`, {
      headers: { authorization: `Bearer ${admin.key}` },
    });
    expect(JSON.parse(await response.text())).toMatchObject({ execution_id: ids[1] });
  });

  it('come in pages', async () => {
    const first = await admin.get<{ items: Listed[]; next_cursor: string }>('/v1/executions?limit=2');
    const cursor = encodeURIComponent(first.body.next_cursor);
    const second = await admin.get<{ items: Listed[] }>(`/v1/executions?limit=2&cursor=${cursor}`);
    const all = [...first.body.items, ...second.body.items].map(({ execution_id }) => execution_id);
    expect(all.sort()).toEqual([...ids].sort());
  });

  it.each([
    ['status=lost', 'status'],
    ['status=held,lost', 'status'],
    ['status=held,', 'status'],
    ['q=', 'q'],
    [`q=${'x'.repeat(2_049)}`, 'q'],
    ['from=yesterday', 'from'],
    ['test=maybe', 'test'],
    ['cursor=nonsense', 'cursor'],
    ['rules=one', 'rules'],
  ])('are not listed with %s', async (query, path) => {
    const refused = await admin.get(`/v1/executions?${query}`);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual([path]);
  });

  it('are shown with their steps', async () => {
    expect(await admin.get(`/v1/executions/${ids[2] ?? ''}`)).toMatchObject({
      status: 200,
      body: {
        execution_id: ids[2],
        workflow_id: workflowIdOf(ids[2] ?? ''),
        rule: { id: 'one', version: '1' },
        event: { id: 'e-2' },
        test: true,
        steps: [{ attempts: [] }],
      },
    });
  });

  it.each(['none', '5b0d6c0e-3f0b-5a55-9f0e-1d2a4c2a8e11', 'a/../b'])(
    'that are not there are 404: %s',
    async (id) => {
      const path = `/v1/executions/${encodeURIComponent(id)}`;
      expect((await admin.get(path)).status).toBe(404);
      expect((await admin.get(`${path}/follow`)).status).toBe(404);
    },
  );
});

it('an execution is restarted from one place, not from two', async () => {
  const refused = await admin.call('POST', `/v1/executions/${crypto.randomUUID()}/restart`, {
    from: 'failed',
    from_step: 'step-1',
  });
  expect([refused.status, pathsOf(refused)]).toEqual([422, ['from_step']]);
});

describe('outcomes of executions', () => {
  interface Outcomes {
    from: string;
    to: string;
    buckets: { from: string; to: string; counts: { running: number } }[];
    total: { running: number };
  }
  const outcomes = async (query: string) =>
    (await admin.get<Outcomes>(`/v1/executions/outcomes?${query}`)).body;

  it('are those of the last day, hour by hour, unless another time is asked for', async () => {
    const { from, to, buckets, total } = await outcomes('');
    expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000);
    expect(Date.parse(to) - Date.now()).toBeLessThanOrEqual(5_000);
    expect(buckets).toHaveLength(24);
    expect([buckets[0]?.from, buckets.at(-1)?.to]).toEqual([from, to]);
    expect(buckets.reduce((sum, { counts }) => sum + counts.running, 0)).toBe(3);
    expect(total).toEqual({
      running: 3,
      delivered: 0,
      escalated: 0,
      cancelled: 0,
      abandoned: 0,
      failed: 0,
      terminated: 0,
    });
  });

  it('are of the time that is asked for', async () => {
    const query = 'from=2026-01-01T00:00:00%2B01:00&to=2026-01-01T01:00:00Z&buckets=2';
    expect(await outcomes(query)).toMatchObject({
      from: '2025-12-31T23:00:00.000Z',
      to: '2026-01-01T01:00:00.000Z',
      buckets: [{ to: '2026-01-01T00:00:00.000Z', counts: { running: 0 } }, { counts: { running: 0 } }],
    });
  });

  it.each([
    ['rule=two', 1],
    ['test=true', 1],
    ['event=e-1', 2],
    ['status=delivered', 0],
    ['domain=example.org', 0],
  ])('are narrowed as lists are: %s', async (query, expected) => {
    expect((await outcomes(query)).total.running).toBe(expected);
  });

  it('are asked for once by all who look at them within some seconds, in each workspace', async () => {
    const counted = jest.spyOn(lab.client.workflowService, 'countWorkflowExecutions');
    const query = `from=${new Date(Date.now() - 3_600_000).toISOString()}&to=${new Date().toISOString()}`;
    const other = await lab.workspace();
    const [theirs] = await Promise.all([
      other.get<Outcomes>(`/v1/executions/outcomes?${query}`),
      ...Array.from({ length: 10 }, () => outcomes(query)),
    ]);
    expect((await outcomes(query)).total.running).toBe(3);
    expect(theirs.body.total.running).toBe(0);
    expect(counted).toHaveBeenCalledTimes(2);
    counted.mockRestore();
  });

  it.each([
    ['from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
    ['from=1969-12-31T00:00:00Z', 'from'],
    ['to=9999-12-31T23:59:59-01:00', 'to'],
    ['buckets=0', 'buckets'],
    ['buckets=61', 'buckets'],
    ['status=lost', 'status'],
  ])('are not counted with %s', async (query, path) => {
    const refused = await admin.get(`/v1/executions/outcomes?${query}`);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual([path]);
  });
});

describe('following an execution', () => {
  async function begin(): Promise<string> {
    const { body } = await admin.event(sampleEvent({ id: crypto.randomUUID(), trial: { rule_id: 'one' } }));
    return body.executions[0]?.execution_id ?? '';
  }

  async function follow(id: string, of = lab, key = admin.key) {
    const abort = new AbortController();
    const response = await fetch(`${of.api.url}/v1/executions/${id}/follow`, {
      headers: { authorization: `Bearer ${key}` },
      signal: abort.signal,
    });
    const leave = () => {
      abort.abort();
    };
    return { response, leave };
  }

  it('answers events until the execution has ended', async () => {
    const id = await begin();
    const { response } = await follow(id);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    await lab.client.workflow.getHandle(workflowIdOf(id)).terminate();
    const events = (await response.text()).split('\n\n').filter((each) => each.startsWith('data: '));
    const last = JSON.parse((events.at(-1) ?? '').slice('data: '.length)) as unknown;
    expect(last).toEqual({ at: expect.stringMatching(/Z$/) as string, kind: 'ended', how: 'terminated' });
  });

  it('does not keep the server from closing', async () => {
    const closing = await ApiLab.open(environment.nativeConnection);
    const operator = closing.operator();
    await operator.call('PUT', '/v1/rules', rulebookDocument({ urls }));
    const { body } = await operator.event(sampleEvent({ id: crypto.randomUUID() }));
    const { response } = await follow(body.executions[0]?.execution_id ?? '', closing, operator.key);
    await closing.close();
    expect(await response.text()).toContain(': following');
  });

  it('asks Temporal for nothing more once the client has left', async () => {
    const polls = jest.spyOn(lab.client.workflowService, 'getWorkflowExecutionHistory');
    const id = await begin();
    const { leave } = await follow(id);
    // The first answers what there is; the one that goes on from there waits.
    const waiting = await until(async () => {
      const nth = polls.mock.calls.findIndex(
        ([{ waitNewEvent, nextPageToken }]) => waitNewEvent && nextPageToken,
      );
      return polls.mock.results[nth];
    });
    leave();
    await until(async () => lab.log.find((line) => line.includes('prematurely')));
    await lab.client.workflow.getHandle(workflowIdOf(id)).signal('anything');
    await waiting.value;
    const sofar = polls.mock.calls.length;
    await admin.get('/v1/rules');
    expect(polls.mock.calls).toHaveLength(sofar);
    polls.mockRestore();
  });
});
