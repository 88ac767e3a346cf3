import type { Browser } from 'playwright-core';
import { signInWith, startBrowser, visit } from '../support/browser';
import { answerJson, Receiver } from '../support/receiver';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

let service: ServiceProcess;
let browser: Browser;
let receiver: Receiver;
beforeAll(async () => {
  [service, browser, receiver] = await Promise.all([
    ServiceProcess.start(temporaryFolder()),
    startBrowser(),
    Receiver.start((request, response) => {
      answerJson(request.path === '/right' ? 200 : 404, { at: request.path })(request, response);
    }),
  ]);
});
afterAll(async () => {
  await browser.close();
  await service.kill('SIGTERM');
  await receiver.close();
});

it('somebody builds a rule, sends an event, sees it fail, mends the URL, retries, and sees it delivered', async () => {
  const { page, context } = await visit(browser, service);
  await signInWith(page, service.key);

  await page.getByRole('link', { name: 'Rules' }).click();
  await page.getByRole('link', { name: 'New rule' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Tell about invoices');
  await page.getByRole('button', { name: 'An event of my own arrives' }).click();
  await page.getByLabel('Event type').fill('invoice.paid');
  await page.getByLabel('URL').fill(`${receiver.url}/wrong`);
  await page.getByLabel('E-mail', { exact: true }).fill('ada@example.com');
  await page.getByRole('button', { name: 'Create the rule' }).click();
  await page.getByRole('heading', { level: 1, name: /Tell about invoices/ }).waitFor();

  await service.event({ id: 'evt-1', type: 'invoice.paid', data: { number: 'R-7' } });
  await page.getByRole('link', { name: 'Executions' }).click();
  const row = page.getByRole('row').filter({ hasText: 'evt-1' });
  await row.getByText('Waiting for retry').waitFor();
  await row.getByRole('link').first().click();
  await page.getByText('404 Not Found').first().waitFor();

  await page.getByRole('link', { name: 'tell-about-invoices' }).click();
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('URL').fill(`${receiver.url}/right`);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(`${receiver.url}/right`).first().waitFor();

  await page
    .getByRole('link', { name: 'evt-1' })
    .or(page.getByRole('row').filter({ hasText: 'evt-1' }))
    .first()
    .click();
  await page.getByRole('button', { name: 'Retry now' }).click();
  await page.getByRole('heading', { level: 1 }).getByText('Delivered').waitFor();
  expect(receiver.requests.map(({ path }) => path)).toEqual(['/wrong', '/right']);
  await context.close();
}, 120_000);
