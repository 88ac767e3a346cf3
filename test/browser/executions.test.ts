import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { startBrowser, signInWith, TELEPHONE, visit } from '../support/browser';
import { sampleEvent } from '../support/events';
import { until } from '../support/executions';
import { answerBytes, answerJson, Receiver } from '../support/receiver';
import { rulebookDocument } from '../support/rules-file';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder();
let service: ServiceProcess;
let browser: Browser;
const receivers: Receiver[] = [];
beforeAll(async () => {
  [service, browser] = await Promise.all([
    ServiceProcess.start(folder, { BREAKER_FAILURES: '0' }),
    startBrowser(),
  ]);
});
afterAll(async () => {
  await browser.close();
  await service.kill('SIGTERM');
  await Promise.all(receivers.map((receiver) => receiver.close()));
});

async function receiverWith(answer: Parameters<typeof Receiver.start>[0]): Promise<Receiver> {
  const receiver = await Receiver.start(answer);
  receivers.push(receiver);
  return receiver;
}

/** Makes this the only rule, and sends an event that it matches. @returns the execution's id */
async function executed(urls: string[], rest: { retry_schedule?: string[] } = {}): Promise<string> {
  const id = `rule-${randomUUID()}`;
  const earlier = await service.all<{ id: string }>('/v1/rules');
  for (const rule of earlier) await service.call('DELETE', `/v1/rules/${rule.id}`);
  await service.call('PUT', '/v1/rules', rulebookDocument({ id, urls, ...rest }));
  const { body } = await service.event(sampleEvent({ id: randomUUID() }));
  return body.executions[0]?.execution_id ?? '';
}

async function untilStatus(id: string, status: string): Promise<void> {
  await until(async () => {
    const { body } = await service.get(`/v1/executions/${id}`);
    return body['status'] === status ? true : undefined;
  });
}

/** Signed in with the admin key. */
async function signedIn(options: Parameters<typeof visit>[2] = {}) {
  const visited = await visit(browser, service, options);
  await signInWith(visited.page, service.key);
  return visited;
}

/** How wide the page is beyond what is seen. Pixels */
function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

describe('the list of executions', () => {
  it('shows one that begins without a reload, and how it ends', async () => {
    const receiver = await receiverWith(answerJson(200, { ok: true }));
    const { page, context } = await signedIn();
    await page.getByText('Live', { exact: true }).waitFor();
    const id = await executed([`${receiver.url}/a`]);
    const row = page.getByRole('row').filter({ has: page.locator(`a[href="/executions/${id}"]`) });
    await row.getByText('Delivered').waitFor();
    expect(receiver.requests).toHaveLength(1);
    await context.close();
  });

  it('keeps its filters in the address, and over a reload', async () => {
    const receiver = await receiverWith(answerJson(200, { ok: true }));
    const id = await executed([`${receiver.url}/a`]);
    await untilStatus(id, 'delivered');
    const { page, context } = await signedIn();
    await page.getByRole('button', { name: 'Held', exact: true }).click();
    await page.getByText('Nothing fits these filters').waitFor();
    await page.reload();
    await page.getByText('Nothing fits these filters').waitFor();
    expect(new URL(page.url()).searchParams.get('status')).toBe('held,paused');
    await context.close();
  });

  it('finds an execution by its id', async () => {
    const receiver = await receiverWith(answerJson(200, { ok: true }));
    const [, id] = [await executed([`${receiver.url}/a`]), await executed([`${receiver.url}/b`])];
    await untilStatus(id, 'delivered');
    const { page, context } = await signedIn();
    await page.getByLabel('Search executions').fill(id);
    await page.waitForURL(/q=/);
    await page.locator(`a[href="/executions/${id}"]`).waitFor();
    // The row of the names of the columns is one, too.
    expect(await page.getByRole('row').count()).toBe(2);
    await context.close();
  });

  it('is not wider than a telephone', async () => {
    const receiver = await receiverWith(answerJson(200, { ok: true }));
    const id = await executed([`${receiver.url}/a`]);
    await untilStatus(id, 'delivered');
    const { page, context } = await signedIn({ viewport: TELEPHONE });
    await page.locator(`a[href="/executions/${id}"]`).waitFor();
    expect(await overflow(page)).toBe(0);
    await context.close();
  });
});

describe('the page of an execution', () => {
  it('has "retry now", which makes the attempt and shows how it went', async () => {
    let status = 503;
    const receiver = await receiverWith((request, response) => {
      answerJson(status, { ok: status === 200 })(request, response);
    });
    const id = await executed([`${receiver.url}/a`]);
    await untilStatus(id, 'waiting_for_retry');
    const { page, context } = await signedIn();
    await page.goto(`/executions/${id}`);
    await page.getByText('Retry 1 of 5').waitFor();
    status = 200;
    await page.getByRole('button', { name: 'Retry now' }).click();
    await page.getByRole('heading', { level: 1 }).getByText('Delivered').waitFor();
    expect(receiver.requests).toHaveLength(2);
    await context.close();
  });

  it('cancels with a reason, after it has asked', async () => {
    const receiver = await receiverWith(answerJson(503, {}));
    const id = await executed([`${receiver.url}/a`]);
    await untilStatus(id, 'waiting_for_retry');
    const { page, context } = await signedIn();
    await page.goto(`/executions/${id}`);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByLabel('Reason (optional)').fill('not needed any more');
    await page.getByRole('button', { name: 'Cancel the execution' }).click();
    await page.getByText('not needed any more').waitFor();
    await untilStatus(id, 'cancelled');
    expect(receiver.requests).toHaveLength(1);
    await context.close();
  });

  it('restarts what was escalated from the failed step, and leads to the new execution', async () => {
    let status = 500;
    const receiver = await receiverWith((request, response) => {
      const answer = request.path === '/b' ? status : 200;
      answerJson(answer, { at: request.path })(request, response);
    });
    const schedule = { retry_schedule: ['1s', '1s', '1s', '1s', '1s'] };
    const id = await executed([`${receiver.url}/a`, `${receiver.url}/b`], schedule);
    await untilStatus(id, 'escalated');
    status = 200;
    const { page, context } = await signedIn();
    await page.goto(`/executions/${id}`);
    await page.getByText('Failed Rule: Score watch').waitFor();
    await page.getByRole('button', { name: 'Restart from the failed step' }).click();
    await page.getByRole('heading', { level: 1 }).getByText('Delivered').waitFor();
    expect(receiver.requests.filter(({ path }) => path === '/a')).toHaveLength(1);
    expect(page.url()).not.toContain(id);
    await context.close();
  });

  it('restarts from any step before, after it has said who is called again', async () => {
    const receiver = await receiverWith(answerJson(200, {}));
    const id = await executed([`${receiver.url}/a`, `${receiver.url}/b`]);
    await untilStatus(id, 'delivered');
    const { page, context } = await signedIn();
    await page.goto(`/executions/${id}`);
    await page.getByRole('button', { name: 'Restart from here' }).nth(1).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('again: it was delivered').waitFor();
    expect(await dialog.getByText(receiver.url).allTextContents()).toEqual([`${receiver.url}/b`]);
    await dialog.getByRole('button', { name: 'Restart' }).click();
    await page.getByText('Makes good').waitFor();
    await page.getByRole('heading', { level: 1 }).getByText('Delivered').waitFor();
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/a', '/b', '/b']);
    await context.close();
  });

  it('shows a viewer no button that would fail', async () => {
    const receiver = await receiverWith(answerJson(503, {}));
    const id = await executed([`${receiver.url}/a`]);
    await untilStatus(id, 'waiting_for_retry');
    const { body } = await service.call('POST', '/v1/api-keys', { name: 'looks', role: 'viewer' });
    const { page, context } = await visit(browser, service);
    await signInWith(page, String(body['key']));
    await page.goto(`/executions/${id}`);
    await page.getByText('Retry 1 of 5').waitFor();
    expect(await page.getByRole('button', { name: /Retry now|Cancel|Pause/ }).count()).toBe(0);
    await context.close();
  });
});

describe('an answer of a hostile receiver', () => {
  it.each([
    ['script tags', '<script>window.pwned = 1</script><img src=x onerror="window.pwned = 1">', 'text/html'],
    [
      'JSON with markup',
      JSON.stringify({ a: '</span><img src=x onerror="window.pwned = 1">' }),
      'application/json',
    ],
    ['a line of 100 KB', 'x'.repeat(102_400), 'text/plain'],
    ['bytes that are no text', Buffer.from([0, 255, 254, 27, 91, 50, 74, 128]), 'application/octet-stream'],
  ])('of %s is shown as text, and does nothing', async (_what, bytes, type) => {
    const receiver = await receiverWith(
      answerBytes(
        Buffer.from(bytes),
        { 'content-type': type, 'x-note': '"><script>window.pwned = 1</script>' },
        200,
      ),
    );
    const id = await executed([`${receiver.url}/a`]);
    await untilStatus(id, 'delivered');
    const { page, context } = await signedIn();
    await page.goto(`/executions/${id}`);
    await page.getByText('Attempt 1').click();
    await page.getByRole('region', { name: 'Body of the response' }).waitFor();
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await overflow(page)).toBe(0);
    await context.close();
  });
});
