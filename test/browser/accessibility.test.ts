import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility';
import { signInWith, startBrowser, TELEPHONE, visit, type Visit } from '../support/browser';
import { sampleEvent } from '../support/events';
import { until } from '../support/executions';
import { answerJson, Receiver } from '../support/receiver';
import { rulebookDocument } from '../support/rules-file';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder();
let service: ServiceProcess;
let browser: Browser;
let receiver: Receiver;
/** What the pages of one thing are about. */
const shown = { execution: '', rule: 'open-ticket', event: randomUUID() };
beforeAll(async () => {
  [service, browser, receiver] = await Promise.all([
    ServiceProcess.start(folder),
    startBrowser(),
    Receiver.start((request, response) => {
      answerJson(request.path === '/b' ? 503 : 200, { at: request.path })(request, response);
    }),
  ]);
  const urls = [`${receiver.url}/a`, `${receiver.url}/b`];
  await service.call('PUT', '/v1/rules', rulebookDocument({ id: shown.rule, urls }));
  const { body } = await service.event(sampleEvent({ id: shown.event }));
  shown.execution = body.executions[0]?.execution_id ?? '';
  await until(async () => {
    const execution = await service.get(`/v1/executions/${shown.execution}`);
    return execution.body['status'] === 'waiting_for_retry' ? true : undefined;
  });
});
afterAll(async () => {
  await browser.close();
  await service.kill('SIGTERM');
  await receiver.close();
});

const PAGES: [name: string, path: () => string, heading: RegExp][] = [
  ['executions', () => '/executions', /^Executions$/],
  ['an execution', () => `/executions/${shown.execution}`, /Waiting for retry/],
  ['rules', () => '/rules', /^Rules$/],
  ['a rule', () => `/rules/${shown.rule}`, /./],
  ['trying a rule', () => `/rules/${shown.rule}?tab=try`, /./],
  ['the history of a rule', () => `/rules/${shown.rule}?tab=history`, /./],
  ['building a rule', () => '/rules/-/new', /^New rule$/],
  ['editing a rule', () => `/rules/${shown.rule}/edit`, /./],
  ['events', () => '/events', /^Events$/],
  ['an event', () => `/events/${shown.event}`, /./],
  ['destinations', () => '/destinations', /^Destinations$/],
  ['a destination', () => `/destinations/${encodeURIComponent(receiver.url)}`, /./],
  ['scorecards', () => '/scorecards', /^Scorecards$/],
  ['portfolios', () => '/scorecards/portfolios', /^Scorecards$/],
  ['API keys', () => '/settings/api-keys', /^Settings$/],
  ['the audit log', () => '/settings/audit', /^Settings$/],
  ['what is not there', () => '/nowhere', /^Not found$/],
];

describe.each([
  ['on a desk, light', {}],
  ['on a telephone, dark', { viewport: TELEPHONE, colorScheme: 'dark' as const }],
])('%s', (_how, options) => {
  let visited: Visit;
  beforeAll(async () => {
    visited = await visit(browser, service, options);
    await visited.page.goto('/');
    await visited.page.getByLabel('API key').waitFor();
  });
  afterAll(() => visited.context.close());

  it('the sign-in page is accessible', async () => {
    expect(await accessibilityProblems(visited.page)).toEqual([]);
    await signInWith(visited.page, service.key);
  });

  it.each(PAGES)(
    'the page of %s is accessible, and says nothing on the console',
    async (_name, path, heading) => {
      const { page, errors } = visited;
      // The browser tells of each answer that is an error, also of the one that asks who is signed in.
      errors.length = 0;
      await page.goto(path());
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(errors).toEqual([]);
    },
  );
});
