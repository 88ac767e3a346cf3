import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { grantOf, RETRY_LINK, textOfGrant } from '../../src/shared/retry-grant';
import { createLocalEnvironment } from '../support/temporal';
import { ApiLab, pathsOf, type CheckedCaller } from './lab';

const DAY = 86_400_000;

let environment: TestWorkflowEnvironment;
let lab: ApiLab;
let admin: CheckedCaller;
beforeAll(async () => {
  environment = await createLocalEnvironment();
  lab = await ApiLab.open(environment.nativeConnection);
});
afterAll(async () => {
  await lab.close();
  await environment.teardown();
});
beforeEach(async () => {
  admin = await lab.workspace();
});

/** Records an execution that was told alone. @returns its id, which is its notice's */
async function told(ruleName = 'Score watch'): Promise<string> {
  const executionId = randomUUID();
  const facts = { ruleId: 'watch', ruleName, domain: 'example.com', url: 'https://hooks.example.com/x' };
  const failure = {
    ...facts,
    origin: 'https://hooks.example.com',
    error: '503',
    at: new Date().toISOString(),
  };
  const owner = { email: 'ada@example.com' };
  await lab.store.escalations.record({ ...failure, workspace: admin.workspace, executionId, owner }, 0);
  return executionId;
}

async function linkTo(noticeId: string, expiresAt = Date.now() + DAY): Promise<string> {
  const grant = textOfGrant({ workspace: admin.workspace, noticeId, expiresAt });
  return `/retry/${await lab.store.signedTexts.sign(RETRY_LINK, grant)}`;
}

function ask(path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Response> {
  return fetch(lab.api.url + path, { method, headers, redirect: 'manual' });
}

/** As a browser sends a form without fields. */
function press(path: string, headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' }) {
  return ask(path, 'POST', { 'content-type': 'application/x-www-form-urlencoded', ...headers });
}

async function operations(): Promise<string[]> {
  const { body } = await admin.get<{ items: { id: string }[] }>('/v1/bulk-operations');
  return body.items.map(({ id }) => id);
}

describe('the page that a link opens', () => {
  it('names the rule, and what failed', async () => {
    const page = await (await ask(await linkTo(await told()))).text();

    expect(page).toContain('Rule <strong>Score watch</strong>');
    expect(page).toContain('example.com<br><small>https://hooks.example.com · 503</small>');
  });

  it('starts nothing, however often a mail scanner looks at it', async () => {
    const link = await linkTo(await told());
    const looks = ['GET', 'HEAD', 'GET'];
    const statuses = await Promise.all(looks.map(async (method) => (await ask(link, method)).status));

    expect(statuses).toEqual([200, 200, 200]);
    expect(await admin.all('/v1/audit?subject_type=bulk_operation')).toEqual([]);
  });

  it('tells nobody its address, sets no cookie, is kept nowhere and runs nothing', async () => {
    const { headers } = await ask(await linkTo(await told()));

    expect(Object.fromEntries(headers)).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-\S+';/,
      ) as string,
      'content-type': 'text/html; charset=utf-8',
    });
    expect(headers.get('set-cookie')).toBeNull();
  });

  it('shows a hostile rule name as the text that it is', async () => {
    const page = await (await ask(await linkTo(await told('<script>alert(1)</script>')))).text();

    expect(page).toContain('&#60;script&#62;alert(1)');
    expect(page).not.toContain('<script');
  });
});

describe('the button', () => {
  it('starts a restart of what the mail told of, and leads to its progress', async () => {
    const notice = await told();
    const link = await linkTo(notice);
    const { status, headers } = await press(link);

    expect([status, headers.get('location')]).toEqual([303, link.replace('/retry/', '')]);
    expect(await (await ask(link)).text()).toContain('<h1>Restarting …</h1>');
  });

  it('does one thing when it is pressed twice, or in a mail that came twice', async () => {
    const notice = await told();
    const again = await linkTo(notice, Date.now() + 2 * DAY);
    for (const link of [await linkTo(notice), again, again]) await press(link);

    expect(await admin.all('/v1/audit?subject_type=bulk_operation')).toHaveLength(1);
  });

  it('is in the audit log as pressed by a link of a mail', async () => {
    const notice = await told();
    await press(await linkTo(notice));

    expect(await admin.all('/v1/audit?subject_type=bulk_operation')).toMatchObject([
      {
        actor: `mail-link/${notice}`,
        action: 'bulk_operation.started',
        subject: { id: `mail-retry-${notice}` },
        details: { action: 'restart_from_failed', by: 'mail link' },
      },
    ]);
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour', { 'sec-fetch-site': 'same-site' }],
    ['another site, in an old browser', { origin: 'https://evil.example' }],
  ])('cannot be pressed by a page of %s', async (_whose, headers) => {
    const notice = await told();
    const { status } = await press(await linkTo(notice), headers);

    expect(status).toBe(403);
    expect((await admin.get(`/v1/bulk-operations/mail-retry-${notice}`)).status).toBe(404);
  });

  it.each<[string, Record<string, string>]>([
    ['says nothing of where it comes from', {}],
    ['names no origin, as there is no referrer', { origin: 'null' }],
  ])('can be pressed in an old browser that %s', async (_what, headers) => {
    expect((await press(await linkTo(await told()), headers)).status).toBe(303);
  });
});

describe('a link that is not as it was sent', () => {
  const forged: [string, (token: string) => string][] = [
    ['with a changed signature', (token) => token.replace(/.(?=.$)/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['cut', (token) => token.slice(0, -1)],
    ['without a signature', (token) => token.replace(/\..*/, '')],
    [
      'turned to another workspace',
      (token) => {
        const [content = '', mac = ''] = token.split('.');
        const grant = grantOf(Buffer.from(content, 'base64url').toString());
        const other = textOfGrant({ ...grant, workspace: 'default' });
        return `${Buffer.from(other).toString('base64url')}.${mac}`;
      },
    ],
  ];

  it.each(forged)('opens nothing: %s', async (_how, forge) => {
    const link = (await linkTo(await told())).replace(/[^/]+$/, forge);
    const [look, pressed] = [await ask(link), await press(link)];

    expect([look.status, pressed.status]).toEqual([404, 404]);
    expect(await look.text()).toContain('This link is not known here');
  });

  it('opens nothing when it was signed for something else', async () => {
    const grant = textOfGrant({
      workspace: admin.workspace,
      noticeId: await told(),
      expiresAt: Date.now() + DAY,
    });

    expect((await ask(`/retry/${await lab.store.signedTexts.sign('another', grant)}`)).status).toBe(404);
  });

  it('opens nothing of another workspace', async () => {
    const notice = await told();
    admin = await lab.workspace();

    expect((await press(await linkTo(notice))).status).toBe(410);
  });
});

describe('a link whose time is over', () => {
  it('says so, and starts nothing', async () => {
    const link = await linkTo(await told(), Date.now() - 1);
    const [look, pressed] = [await ask(link), await press(link)];

    expect([look.status, pressed.status]).toEqual([410, 410]);
    expect(await look.text()).toContain('This link has expired.');
    expect(await operations()).toEqual([]);
  });

  it('says so when what it was for is not on record any more', async () => {
    expect((await ask(await linkTo(randomUUID()))).status).toBe(410);
  });

  it('opens nothing once the keys of the installation were rotated', async () => {
    const link = await linkTo(await told());
    await lab.operator().call('POST', '/v1/encryption/rotate');

    expect((await ask(link)).status).toBe(404);
  });
});

it('the log has nothing of a link', async () => {
  const link = await linkTo(await told());
  await press(link);

  expect(lab.log.join('\n')).toContain('/retry/[redacted]');
  expect(lab.log.join('\n')).not.toContain(link.replace('/retry/', ''));
});

it('looking is limited, for each address', async () => {
  const limited = await ApiLab.open(undefined, { requestsPerSecond: 2 });
  const looks = await Promise.all(
    Array.from({ length: 5 }, () => fetch(`${limited.api.url}/retry/guess.guess`)),
  );
  const statuses = looks.map(({ status }) => status).sort();
  const types = looks.map(({ headers }) => headers.get('content-type'));
  await limited.close();

  expect(statuses.at(-1)).toBe(429);
  expect(new Set(types)).toEqual(new Set(['text/html; charset=utf-8']));
});

describe('a bulk operation', () => {
  it('may be about what a notice told of', async () => {
    const body = { action: 'restart', filter: { notice: await told() }, dry_run: true };

    expect(await admin.call('POST', '/v1/bulk-operations', body)).toMatchObject({
      status: 200,
      body: { count: 0, sample: [] },
    });
  });

  it('is refused for a notice that the workspace does not have', async () => {
    const notice = await told();
    admin = await lab.workspace();
    const body = { action: 'restart', filter: { notice } };
    const answer = await admin.call('POST', '/v1/bulk-operations', body);

    expect([answer.status, pathsOf(answer)]).toEqual([422, ['filter.notice']]);
  });
});
