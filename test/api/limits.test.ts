import { request } from 'node:http';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { ApiSetupError } from '../../src/api/setup-error';
import { ApiLab, type CheckedCaller } from './lab';

let lab: ApiLab;
let admin: CheckedCaller;
beforeAll(async () => {
  lab = await ApiLab.open();
  admin = await lab.workspace();
});
afterAll(() => lab.close());

const event = { type: 'invoice.paid', data: {} };

function post(body: string, type = 'application/json') {
  return admin.call('POST', '/v1/events', body, { 'content-type': type });
}

describe('a body', () => {
  it.each([
    ['that is malformed', '{"type": '],
    ['with a prototype in it', '{"type": "a.b", "data": {"__proto__": {"a": 1}}}'],
    ['with a constructor in it', '{"type": "a.b", "data": {"constructor": {"prototype": {"a": 1}}}}'],
  ])('%s is refused with 400', async (_name, body) => {
    expect((await post(body)).status).toBe(400);
  });

  it('of 256 KB is taken, a larger one refused with 413', async () => {
    const sized = (bytes: number) => {
      const empty = JSON.stringify({ type: 'invoice.paid', data: { text: '' } });
      return JSON.stringify({ type: 'invoice.paid', data: { text: 'x'.repeat(bytes - empty.length) } });
    };
    expect((await post(sized(262_144))).status).toBe(202);
    expect((await post(sized(262_145))).status).toBe(413);
  });

  it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'nonsense'])(
    'of type %s is refused with 415',
    async (type) => {
      expect((await post(JSON.stringify(event), type)).status).toBe(415);
    },
  );

  it('that is missing is refused with 422', async () => {
    expect((await admin.call('POST', '/v1/events')).status).toBe(422);
  });

  it('that is empty where none is needed is none', async () => {
    const answer = await admin.call('POST', '/v1/rules/none/pause', '', {
      'content-type': 'application/json',
    });
    expect(answer.status).toBe(404);
  });
});

describe('an address', () => {
  it('that is not there is 404', async () => {
    expect(await admin.get('/v1/nothing')).toMatchObject({ status: 404, body: { title: 'Not Found' } });
  });

  it('that is no URL is 400', async () => {
    const answer = await admin.get('/v1/rules/%zz');
    expect(answer).toMatchObject({ status: 400, body: { title: 'Bad Request' } });
    expect(answer.headers.get('x-request-id')).toBe(answer.body['request_id']);
  });

  it('with other methods is 405 and says which', async () => {
    const answer = await admin.call('DELETE', '/v1/rules');
    expect(answer).toMatchObject({ status: 405, body: { title: 'Method Not Allowed' } });
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST, PUT, OPTIONS');
    expect((await admin.call('PATCH', '/v1/rules/watch', {})).status).toBe(405);
  });

  it('tells its methods', async () => {
    const answer = await admin.call('OPTIONS', '/v1/rules/watch');
    expect(answer.status).toBe(204);
    expect(answer.headers.get('allow')).toBe('DELETE, GET, HEAD, PUT, OPTIONS');
  });

  it('answers HEAD as GET, without a body', async () => {
    const answer = await admin.call('HEAD', '/v1/rules');
    expect(answer.status).toBe(200);
    const length = JSON.stringify((await admin.get('/v1/rules')).body).length;
    expect(answer.headers.get('content-length')).toBe(String(length));
    expect(answer.body).toEqual({});
  });
});

describe('a request id', () => {
  it('of the caller is taken when it may stand in a log', async () => {
    const given = await admin.call('GET', '/v1/rules', undefined, { 'x-request-id': 'abc-1.2_3' });
    expect(given.headers.get('x-request-id')).toBe('abc-1.2_3');
    const odd = await admin.call('GET', '/v1/rules', undefined, { 'x-request-id': '<script>' });
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the log', () => {
  it('has the request id, and neither keys nor bodies', async () => {
    const secret = 'do-not-log-me';
    const answer = await post(JSON.stringify({ ...event, data: { secret } }));
    const log = lab.log.join('');
    expect(log).toContain(answer.headers.get('x-request-id'));
    expect(log).not.toContain(secret);
    expect(log).not.toContain(admin.key);
    expect(log).not.toMatch(/authorization/i);
  });
});

describe('the limit of requests', () => {
  let limited: ApiLab;
  beforeAll(async () => {
    limited = await ApiLab.open(undefined, { requestsPerSecond: 5 });
  });
  afterAll(() => limited.close());

  async function statuses(ask: () => Promise<{ status: number }>): Promise<number[]> {
    const answers = await Promise.all(Array.from({ length: 30 }, ask));
    return answers.map(({ status }) => status);
  }

  it('is told with 429 and Retry-After', async () => {
    const operator = limited.operator();
    const answers = await Promise.all(Array.from({ length: 30 }, () => operator.get('/v1/rules')));
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get('retry-after')).toBe('1');
    expect(refused?.body).toMatchObject({ title: 'Too Many Requests' });
  });

  it('is that of each key', async () => {
    const viewer = await untilNot429(() => limited.colleague(limited.operator(), 'viewer'));
    await statuses(() => limited.operator().get('/v1/rules'));
    expect((await viewer.get('/v1/rules')).status).toBe(200);
  });

  it('is that of the address without a valid key, and no matter for those with one', async () => {
    const stranger = limited.caller('rwk_nothing', '');
    expect(await statuses(() => stranger.get('/v1/rules'))).toContain(429);
    const viewer = await untilNot429(() => limited.colleague(limited.operator(), 'viewer'));
    expect(await statuses(() => stranger.get('/v1/rules'))).toContain(429);
    expect((await viewer.get('/v1/rules')).status).toBe(200);
  });

  it('is none for whatever watches the service', async () => {
    expect(new Set(await statuses(() => fetch(`${limited.api.url}/healthz`)))).toEqual(new Set([200]));
  });

  async function untilNot429<T extends { key: string }>(make: () => Promise<T>): Promise<T> {
    for (;;) {
      const made = await make();
      // A key that was refused is undefined.
      if (typeof made.key === 'string') return made;
    }
  }
});

describe('a port', () => {
  it('that is taken is told as such', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(ApiLab.open(undefined, { port })).rejects.toBeInstanceOf(ApiSetupError);
    other.close();
  });
});

describe('closing', () => {
  it('answers what is under way', async () => {
    const closing = await ApiLab.open();
    const body = JSON.stringify(event);
    const url = new URL('/v1/events', closing.api.url);
    const headers = {
      authorization: `Bearer ${closing.operator().key}`,
      'content-type': 'application/json',
      'content-length': body.length,
      expect: '100-continue',
    };
    const sent = request(url, { method: 'POST', headers });
    const answered = once(sent, 'response');
    sent.flushHeaders();
    await once(sent, 'continue');
    const closed = closing.close();
    sent.end(body);
    const [response] = (await answered) as [{ statusCode: number }];
    expect(response.statusCode).toBe(202);
    await closed;
  });

  it('does not wait for a connection on which nothing was asked', async () => {
    const closing = await ApiLab.open();
    const silent = connect(Number(new URL(closing.api.url).port), '127.0.0.1');
    silent.on('error', () => undefined);
    await once(silent, 'connect');
    const ended = once(silent, 'close');
    await closing.close();
    await ended;
    expect(silent.destroyed).toBe(true);
  });
});
