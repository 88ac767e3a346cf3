import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { ApiCaller } from './api-caller';

const SCRIPT = join(__dirname, '../../scripts/chromium.mjs');

/** As the dashboard is looked at on a desk. */
const DESK = { width: 1_440, height: 900 };
/** And on a telephone. */
export const TELEPHONE = { width: 390, height: 844 };

/** A real Chromium, installed where it is absent. @throws when there can be none: these tests are never left out */
export async function startBrowser(): Promise<Browser> {
  const executablePath = execFileSync(process.execPath, [SCRIPT], { encoding: 'utf8' }).trim();
  // The tests may run as root, where Chromium has no sandbox; it opens pages of this machine alone.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** What the page's console had of errors, and what scripts threw. */
  errors: string[];
}

/** A browser of its own, with no cookies. Pages are opened by their path. */
export async function visit(
  browser: Browser,
  { url }: Pick<ApiCaller, 'url'>,
  { viewport = DESK, colorScheme = 'light' }: { viewport?: typeof DESK; colorScheme?: 'light' | 'dark' } = {},
): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: url,
    viewport,
    colorScheme,
    timezoneId: 'Europe/Berlin',
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  return { page, context, errors };
}

/** Signs in as a person does. */
export async function signInWith(page: Page, key: string): Promise<void> {
  await page.goto('/');
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Executions', level: 1 }).waitFor();
}
