import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { until } from '../support/executions';
import { canHavePrometheus, Prometheus, promtool } from '../support/prometheus';
import { namesIn } from '../support/promql';
import { answerJson, Receiver } from '../support/receiver';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

const DEPLOY = join(__dirname, '../../deploy');
const CONFIG = join(DEPLOY, 'prometheus/prometheus.yml');
const ALERTS = join(DEPLOY, 'prometheus/alerts.yml');

interface Dashboard {
  panels: {
    id: number;
    title: string;
    gridPos: { x: number; y: number; w: number; h: number };
    targets?: { expr: string }[];
  }[];
  templating: { list: { name: string; type: string; query: string | { query: string } }[] };
}

interface AlertGroups {
  groups: { rules: { alert: string; expr: string; annotations: Record<string, string> }[] }[];
}

interface ScrapeConfig {
  scrape_configs: { job_name: string }[];
}

const dashboard = JSON.parse(
  readFileSync(join(DEPLOY, 'grafana/dashboards/rule-webhooks.json'), 'utf8'),
) as Dashboard;
const alerts = (parse(readFileSync(ALERTS, 'utf8')) as AlertGroups).groups.flatMap(({ rules }) => rules);

/** As Grafana fills it in for all roles and instances. */
function filledIn(query: string): string {
  return query.replaceAll('$__rate_interval', '1m').replaceAll(/\$(role|instance)/g, '.*');
}

const panelQueries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }): [string, string] => [title, filledIn(expr)]),
);

/** There only after a fault that this test does not make. */
const OF_FAULTS = ['temporal_workflow_task_execution_failed_total', 'temporal_long_request_failure_total'];

const withPrometheus = canHavePrometheus() ? describe : describe.skip;

withPrometheus('the files for Prometheus', () => {
  it('are understood by it', () => {
    expect(promtool('check', 'config', CONFIG)).toContain('SUCCESS');
  });

  it('have alerts that fire when they are to, and then alone', () => {
    expect(promtool('test', 'rules', join(DEPLOY, 'prometheus/alerts.test.yml'))).toContain('SUCCESS');
  });

  it('name a chapter of docs/alerts.md for each alert', () => {
    const text = readFileSync(join(DEPLOY, '../docs/alerts.md'), 'utf8');
    const chapters = [...text.matchAll(/^## (\w+)$/gm)].map(([, name = '']) => name);
    expect(chapters).toEqual(alerts.map(({ alert }) => alert));
    expect(alerts.map(({ annotations }) => annotations['runbook'])).toEqual(
      chapters.map((name) => `docs/alerts.md#${name.toLowerCase()}`),
    );
  });
});

withPrometheus('on a scrape of the service, after some traffic', () => {
  let receiver: Receiver;
  let service: ServiceProcess;
  let prometheus: Prometheus;

  beforeAll(async () => {
    receiver = await Receiver.start((request, response) => {
      answerJson(Number(request.path.slice(1)), {})(request, response);
    });
    // Nobody listens there: an activity that fails by a fault of ours.
    const settings = { METRICS_PORT: '0', SMTP_URL: 'smtp://127.0.0.1:1' };
    service = await ServiceProcess.start(temporaryFolder(), settings);
    const [, metrics = ''] = await service.program.printed(/Metrics: http:\/\/(\S+)\/metrics/);
    prometheus = await Prometheus.start((itself) => configured(metrics, itself));
    await service.call('PUT', '/v1/rules', { rules: [ruleOf(200), ruleOf(503)] });
    for (const id of ['e1', 'e2', 'e2']) await service.event({ type: 'metrics.tried', id, data: {} });
    // Temporal does not know it: a request that fails.
    await service.get(`/v1/executions/${randomUUID()}`);
    // The last thing to come of it; more than once, as a rate is of two samples.
    await until(async () => {
      const failed = 'rule_webhooks_mails_total{outcome="failed",kind="escalation"}';
      const found = await prometheus.query(`count_over_time((${failed} > 0)[5m:1s]) > 2`);
      return found.length > 0 ? found : undefined;
    });
  }, 60_000);

  afterAll(async () => {
    await prometheus.stop();
    await service.kill('SIGTERM');
    await receiver.close();
  });

  /** The committed configuration, with real addresses in place of the names of containers, and without waits. */
  function configured(metrics: string, itself: string): object {
    const { scrape_configs: jobs, ...config } = parse(readFileSync(CONFIG, 'utf8')) as ScrapeConfig;
    return {
      ...config,
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: [ALERTS],
      scrape_configs: jobs.map(({ job_name }) => ({
        job_name,
        static_configs: [{ targets: [['api', 'worker'].includes(job_name) ? metrics : itself] }],
      })),
    };
  }

  function ruleOf(status: number) {
    return {
      id: `answers-${status}`,
      name: `Answers ${status}`,
      owner: { email: 'ada@example.com' },
      event: { type: 'metrics.tried' },
      steps: [{ id: 'first', action: 'call_webhook', url: `${receiver.url}/${status}` }],
      retry_schedule: ['1s'],
    };
  }

  /** What is wrong with a query: names that the scrape does not have. */
  async function strangersIn(query: string): Promise<string[]> {
    const { metrics, labels } = namesIn(query);
    const found = await Promise.all(metrics.map((name) => prometheus.series(name)));
    const unknown = metrics.filter((name, index) => found[index]?.length === 0 && !OF_FAULTS.includes(name));
    // Of a metric that is not there, nobody knows the labels.
    if (metrics.every((name) => OF_FAULTS.includes(name))) return unknown;
    const known = new Set(found.flat().flatMap((series) => Object.keys(series)));
    return [...unknown, ...labels.filter((label) => !known.has(label))];
  }

  it.each(panelQueries)('the panel "%s" shows something: %s', async (_title, query) => {
    const samples = await prometheus.query(query);
    expect(await strangersIn(query)).toEqual([]);
    const { metrics } = namesIn(query);
    const mayBeEmpty = metrics.every((name) => OF_FAULTS.includes(name));
    expect(samples.length > 0 || mayBeEmpty).toBe(true);
  });

  it.each(alerts.map(({ alert, expr }) => [alert, expr] as const))(
    'the alert %s names what is there',
    async (_alert, expr) => {
      await prometheus.query(expr);
      expect(await strangersIn(expr)).toEqual([]);
    },
  );

  it('the choices of the dashboard have something to choose from', async () => {
    const queries = dashboard.templating.list.flatMap(({ query }) =>
      typeof query === 'string' ? [] : [query.query],
    );
    const asked = queries.map((query) => /^label_values\((.*), (\w+)\)$/.exec(filledIn(query)) ?? []);
    expect(asked).toHaveLength(2);
    for (const [, selector = '', label = ''] of asked) {
      expect(await prometheus.query(`count by (${label}) (${selector})`)).not.toEqual([]);
      expect(await strangersIn(`count by (${label}) (${selector})`)).toEqual([]);
    }
  });

  it('a misspelt metric or label is found out', async () => {
    expect(await strangersIn('sum(rate(rule_webhooks_atempts_total[1m]))')).toEqual([
      'rule_webhooks_atempts_total',
    ]);
    expect(await strangersIn('sum by (outcom) (rule_webhooks_attempts_total{clas="5xx"})')).toEqual([
      'outcom',
      'clas',
    ]);
    await expect(prometheus.query('sum by (outcome) (')).rejects.toThrow('parse error');
  });
});

it('the dashboard has each panel once, none over another', () => {
  const ids = dashboard.panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_each, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});
