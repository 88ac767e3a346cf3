import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { signInWith, startBrowser, visit } from '../support/browser';
import { sampleEvent } from '../support/events';
import { until } from '../support/executions';
import { PathProxy } from '../support/path-proxy';
import { Program } from '../support/program';
import { answerJson, Receiver } from '../support/receiver';
import { rulebookDocument } from '../support/rules-file';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

let service: ServiceProcess;
let browser: Browser;
beforeAll(async () => {
  [service, browser] = await Promise.all([ServiceProcess.start(temporaryFolder()), startBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await service.kill('SIGTERM');
});

/** What `rule-webhooks dashboard --print` prints. */
async function link(): Promise<string> {
  const program = Program.start('cli/main.js', ['dashboard', '--print'], {
    RULE_WEBHOOKS_URL: service.url,
    RULE_WEBHOOKS_API_KEY: service.key,
  });
  const [found] = await program.printed(/http:\S+/);
  await program.ended();
  return found;
}

function executions(page: Page) {
  return page.getByRole('heading', { level: 1, name: 'Executions' });
}

describe('the link of the command line', () => {
  it('signs in, and stands in the address no more', async () => {
    const { page, context } = await visit(browser, service);
    await page.goto(await link());
    await executions(page).waitFor();
    expect(page.url()).not.toContain('token');
    await context.close();
  });

  it('signs in once', async () => {
    const once = await link();
    const first = await visit(browser, service);
    await first.page.goto(once);
    await executions(first.page).waitFor();
    const second = await visit(browser, service);
    await second.page.goto(once);
    await second.page.getByRole('alert').waitFor();
    expect(await second.page.getByLabel('API key').count()).toBe(1);
    await Promise.all([first.context.close(), second.context.close()]);
  });
});

it('a key that is not valid is refused with the reason, in place', async () => {
  const { page, context } = await visit(browser, service);
  await page.goto('/');
  await page.getByLabel('API key').fill(`${service.key.slice(0, -4)}AAAA`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByLabel('API key').count()).toBe(1);
  await context.close();
});

it('who signs out is signed out after a reload too', async () => {
  const { page, context } = await visit(browser, service);
  await signInWith(page, service.key);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API key').waitFor();
  await page.reload();
  await page.getByLabel('API key').waitFor();
  expect(await executions(page).count()).toBe(0);
  await context.close();
});

it('a session ends with its key', async () => {
  const { body } = await service.call('POST', '/v1/api-keys', { name: 'soon revoked', role: 'editor' });
  const { page, context } = await visit(browser, service);
  await signInWith(page, String(body['key']));
  await service.call('DELETE', `/v1/api-keys/${String(body['id'])}`);
  // The page may have noticed by itself: it is live.
  await page.getByRole('link', { name: 'Rules' }).or(page.getByLabel('API key')).first().click();
  await page.getByLabel('API key').waitFor();
  expect(await page.getByRole('heading', { level: 1, name: 'Rules' }).count()).toBe(0);
  await context.close();
});

it('somebody retries an execution with the keyboard alone', async () => {
  let status = 503;
  const receiver = await Receiver.start((request, response) => {
    answerJson(status, {})(request, response);
  });
  await service.call('PUT', '/v1/rules', rulebookDocument({ id: 'watch', urls: [receiver.url] }));
  const { body } = await service.event(sampleEvent({ id: randomUUID() }));
  const id = body.executions[0]?.execution_id ?? '';
  await until(async () => {
    const execution = await service.get(`/v1/executions/${id}`);
    return execution.body['status'] === 'waiting_for_retry' ? true : undefined;
  });
  status = 200;
  const { page, context } = await visit(browser, service);
  await page.goto('/');
  await page.getByLabel('API key').focus();
  await page.keyboard.insertText(service.key);
  await page.keyboard.press('Enter');
  await executions(page).waitFor();
  await tabTo(page, `a[href="/executions/${id}"]`);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Retry now' }).waitFor();
  await tabTo(page, 'button.primary');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1 }).getByText('Delivered').waitFor();
  expect(receiver.requests).toHaveLength(2);
  await Promise.all([context.close(), receiver.close()]);
});

it('the pages work below a path that a proxy takes away', async () => {
  const proxy = await PathProxy.start('/hooks', service.url);
  const { page, context, errors } = await visit(browser, { url: `${proxy.url}/` });
  await page.goto('./');
  await page.getByLabel('API key').fill(service.key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'API keys' }).click();
  await page.getByText('The first admin key').or(page.getByRole('row').nth(1)).first().waitFor();
  expect(page.url()).toBe(`${proxy.url}/settings/api-keys`);
  await page.reload();
  await page.getByRole('row').nth(1).waitFor();
  // Before somebody signs in, it is asked who has.
  expect(errors.filter((error) => !error.includes('401'))).toEqual([]);
  await context.close();
  await proxy.close();
});

/** Enough for any page here. */
const MAX_TABS = 80;

/** Presses Tab until this has the focus. @throws when it never does */
async function tabTo(page: Page, selector: string): Promise<void> {
  await page.locator(selector).first().waitFor();
  for (let n = 0; n < MAX_TABS; n += 1) {
    await page.keyboard.press('Tab');
    if ((await page.locator(`${selector}:focus`).count()) > 0) return;
  }
  throw new Error(`${selector} cannot be reached by Tab`);
}
