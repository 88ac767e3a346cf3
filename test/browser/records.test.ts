import type { Browser, Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility';
import { signInWith, startBrowser, visit, type Visit } from '../support/browser';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

let service: ServiceProcess;
let browser: Browser;
let visited: Visit;
beforeAll(async () => {
  [service, browser] = await Promise.all([ServiceProcess.start(temporaryFolder()), startBrowser()]);
  visited = await visit(browser, service);
  await signInWith(visited.page, service.key);
});
afterAll(async () => {
  await browser.close();
  await service.kill('SIGTERM');
});

/** What people keep in a list of the dashboard. */
interface Kept {
  path: string;
  add: string;
  /** Texts by the labels of their fields. */
  fields: Record<string, string>;
  /** What is changed afterwards, and what its row has then. */
  change: Record<string, string>;
  /** As its buttons call it, before and after that. */
  name: string;
  changedName: string;
}

const KEPT: [string, Kept][] = [
  [
    'a member',
    {
      path: '/settings/members',
      add: 'Add a member',
      fields: { Name: 'Ada', 'E-mail': 'ada@example.com', Id: 'ada' },
      change: { Name: 'Ada Lovelace' },
      name: 'Ada',
      changedName: 'Ada Lovelace',
    },
  ],
  [
    'a channel',
    {
      path: '/settings/channels',
      add: 'Add a channel',
      fields: { Id: 'ops', URL: 'https://chat.example.com/hook' },
      change: { 'Name (optional)': 'Operations' },
      name: 'ops',
      changedName: 'Operations',
    },
  ],
  [
    'an event type',
    {
      path: '/settings/event-types',
      add: 'Add an event type',
      fields: { Type: 'invoice.paid' },
      change: { 'Description (optional)': 'Somebody paid' },
      name: 'invoice.paid',
      changedName: 'invoice.paid',
    },
  ],
  [
    'a credential',
    {
      path: '/settings/credentials',
      add: 'Add a credential',
      fields: { Id: 'crm', Origins: 'https://crm.example.com', Token: 't0ken' },
      change: { 'Name (optional)': 'Customers' },
      name: 'crm',
      changedName: 'Customers',
    },
  ],
  [
    'a scorecard',
    {
      path: '/scorecards',
      add: 'Add a scorecard',
      fields: { Domain: 'acme.example', Id: 'acme' },
      change: { Domain: 'acme-group.example' },
      name: 'acme',
      changedName: 'acme',
    },
  ],
  [
    'a portfolio',
    {
      path: '/scorecards/portfolios',
      add: 'Add a portfolio',
      fields: { Id: 'vendors' },
      change: { 'Name (optional)': 'Critical vendors' },
      name: 'vendors',
      changedName: 'Critical vendors',
    },
  ],
];

async function fillIn(page: Page, texts: Record<string, string>): Promise<void> {
  const dialog = page.getByRole('dialog');
  for (const [label, text] of Object.entries(texts))
    await dialog.getByLabel(label, { exact: true }).fill(text);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
}

it.each(KEPT)('somebody adds %s, changes it, and removes it', async (_what, kept) => {
  const { page, errors } = visited;
  // The browser tells of each answer that is an error, also of the one that asked who is signed in.
  errors.length = 0;
  await page.goto(kept.path);
  await page.getByRole('button', { name: kept.add }).click();
  expect(await accessibilityProblems(page)).toEqual([]);
  await fillIn(page, kept.fields);

  await page.getByRole('button', { name: `Edit ${kept.name}` }).click();
  await fillIn(page, kept.change);
  const row = page.getByRole('row').filter({ hasText: Object.values(kept.change)[0] ?? '' });
  await row.waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);

  await row.getByRole('button', { name: `Remove ${kept.changedName}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click();
  await page.getByText(/^There is no .+ yet$/).waitFor();
  expect(errors).toEqual([]);
});

it('the signing secret of a webhook channel is shown once, after it is added', async () => {
  const { page } = visited;
  await page.goto('/settings/channels');
  await page.getByRole('button', { name: 'Add a channel' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Kind').selectOption('webhook');
  await dialog.getByLabel('Id').fill('own');
  await dialog.getByLabel('URL').fill('https://own.example.com/hook');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText(/^whsec_/).waitFor();
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('button', { name: 'Edit own' }).waitFor();
  expect(await page.getByText(/whsec_/).count()).toBe(0);
});

it('of several API keys the one that is revoked is refused from then on', async () => {
  const { page } = visited;
  const made = new Map<string, string>();
  for (const name of ['Billing', 'Support']) {
    const { body } = await service.call<{ key: string }>('POST', '/v1/api-keys', { name, role: 'viewer' });
    made.set(name, body.key);
  }
  await page.goto('/settings/api-keys');
  await page.getByRole('button', { name: 'Revoke Billing' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke it' }).click();
  await page.getByRole('row').filter({ hasText: 'Billing' }).getByText('Revoked').waitFor();
  const statusOf = async (name: string) => {
    const headers = { authorization: `Bearer ${made.get(name) ?? ''}` };
    return (await fetch(`${service.url}/v1/rules`, { headers })).status;
  };
  expect([await statusOf('Billing'), await statusOf('Support')]).toEqual([401, 200]);
});
