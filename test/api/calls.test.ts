import { ApiLab, pathsOf, type CheckedCaller } from './lab';

interface Bucket {
  from: string;
  to: string;
  delivered: number;
  failed: number;
  success_rate: number | null;
  latency_ms: { p50: number; p95: number; p99: number } | null;
}
interface Calls {
  from: string;
  to: string;
  buckets: Bucket[];
}

const ORIGIN = 'https://hooks.example.com';
const HOUR_MS = 3_600_000;

let lab: ApiLab;
let admin: CheckedCaller;
beforeAll(async () => {
  lab = await ApiLab.open();
});
beforeEach(async () => {
  admin = await lab.workspace();
});
afterAll(() => lab.close());

const calls = async (query: string, by = admin) => (await by.get<Calls>(`/v1/calls?${query}`)).body;

/** Has calls on record that took some 16 ms. */
function have(hour: string, changed: object = {}) {
  const { workspace } = admin;
  const count = { workspace, origin: ORIGIN, hour, bucket: 8, delivered: 3, failed: 1, ...changed };
  return lab.store.destinationCalls.add([count]);
}

describe('calls over time', () => {
  it('are those of the last 24 hours, this one included, unless another time is asked for', async () => {
    const began = Date.now();
    const { from, to, buckets } = await calls('');
    expect(buckets).toHaveLength(24);
    expect([buckets[0]?.from, buckets.at(-1)?.to]).toEqual([from, to]);
    expect(Date.parse(to)).toBeGreaterThanOrEqual(began);
    expect(Date.parse(to) - Date.parse(from)).toBe(24 * HOUR_MS);
  });

  it('are in buckets of whole hours, with how many went well and how long they took', async () => {
    await have('2026-11-26T10:00:00.000Z');
    await have('2026-11-26T11:00:00.000Z', { bucket: 12, delivered: 0, failed: 4 });
    const time = 'from=2026-11-26T10:00:00Z&to=2026-11-26T13:59:00Z';
    expect(await calls(`${time}&buckets=2`)).toEqual({
      from: '2026-11-26T10:00:00.000Z',
      to: '2026-11-26T14:00:00.000Z',
      buckets: [
        {
          from: '2026-11-26T10:00:00.000Z',
          to: '2026-11-26T12:00:00.000Z',
          delivered: 3,
          failed: 5,
          success_rate: 0.375,
          latency_ms: { p50: 16, p95: 64, p99: 64 },
        },
        {
          from: '2026-11-26T12:00:00.000Z',
          to: '2026-11-26T14:00:00.000Z',
          delivered: 0,
          failed: 0,
          success_rate: null,
          latency_ms: null,
        },
      ],
    });
    expect((await calls(time)).buckets).toHaveLength(4);
  });

  it.each([
    ['from=2026-11-26T10:20:00Z&to=2026-11-26T10:40:00Z', '10', '11'],
    ['from=2026-11-26T10:20:00Z&to=2026-11-26T12:20:00Z', '11', '13'],
    ['from=2026-11-26T12:00:00%2B02:00&to=2026-11-26T11:00:00Z', '10', '11'],
  ])('are of the hours that begin in the time asked for, one at least: %s', async (query, first, end) => {
    const { from, to } = await calls(query);
    expect([from, to]).toEqual([`2026-11-26T${first}:00:00.000Z`, `2026-11-26T${end}:00:00.000Z`]);
  });

  it('are those of one destination when it is asked for', async () => {
    const hour = '2026-11-26T10:00:00.000Z';
    await have(hour);
    await have(hour, { origin: 'https://b.example', failed: 0 });
    const time = `from=${hour}&to=2026-11-26T11:00:00Z`;
    const deliveredOf = async (query: string) => (await calls(`${time}${query}`)).buckets[0]?.delivered;
    expect(await deliveredOf('')).toBe(6);
    expect(await deliveredOf(`&destination=${encodeURIComponent('HTTPS://B.example/')}`)).toBe(3);
    expect(await deliveredOf('&destination=https%3A%2F%2Fnobody.example')).toBe(0);
  });

  it('are none of another workspace', async () => {
    await have('2026-11-26T10:00:00.000Z');
    const other = await lab.workspace();
    const { buckets } = await calls('from=2026-11-26T10:00:00Z&to=2026-11-26T11:00:00Z', other);
    expect(buckets).toMatchObject([{ delivered: 0, failed: 0 }]);
  });

  it.each([
    ['from=2026-11-26T10:00:00Z&to=2026-11-26T10:00:00Z', 'from'],
    ['from=yesterday', 'from'],
    ['to=9999-12-31T00:00:00Z', 'to'],
    ['buckets=0', 'buckets'],
    ['buckets=61', 'buckets'],
    ['destination=hooks.example.com', 'destination'],
    ['rule=one', 'rule'],
  ])('are not told with %s', async (query, path) => {
    const refused = await admin.get(`/v1/calls?${query}`);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual([path]);
  });
});
