/**
 * Who may import whom (the picture in README.md, "How it is built"). Each folder of src/ lists the folders it may
 * reach; anything else is an error. main.ts, cli/main.ts, demo/ and the command-line scripts compose, so they may reach all.
 */
const allowed = {
  shared: [],
  files: [],
  tracing: ['shared'],
  observability: ['activities', 'api', 'client', 'ingest', 'mail', 'store', 'shared'],
  rules: ['shared'],
  workflows: ['rules', 'shared', 'activities'],
  destinations: ['rules', 'shared'],
  secrets: ['destinations', 'files', 'shared'],
  notices: ['delivery', 'destinations', 'mail', 'shared'],
  activities: ['delivery', 'destinations', 'mail', 'notices', 'tracing', 'rules', 'shared'],
  delivery: ['destinations', 'tracing', 'shared'],
  mail: ['files', 'shared'],
  store: ['destinations', 'secrets', 'rules', 'shared'],
  temporal: ['shared'],
  worker: ['activities', 'temporal', 'rules', 'shared'],
  client: ['workflows', 'delivery', 'tracing', 'rules', 'temporal', 'shared'],
  ingest: ['client', 'tracing', 'rules', 'store', 'shared'],
  api: ['ingest', 'client', 'store', 'mail', 'secrets', 'destinations', 'tracing', 'rules', 'shared'],
  cli: ['destinations', 'rules', 'shared'],
  dashboard: ['api', 'shared'],
};

const layers = Object.entries(allowed).map(([folder, may]) => ({
  name: `${folder}-imports-only-${may.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: '^src/cli/main\\.ts$' },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...may].join('|')})/` },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    ...layers,
    {
      name: 'the-dashboard-knows-the-api-by-type-only',
      severity: 'error',
      from: { path: '^src/dashboard/' },
      to: { path: '^src/(?!dashboard/|shared/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing-imports-the-dashboard',
      severity: 'error',
      from: { path: '^src/(?!dashboard/)' },
      to: { path: '^src/dashboard/' },
    },
    {
      name: 'nothing-but-the-composition-knows-observability',
      comment: 'It wraps, listens to and asks those who do the work: so without it nothing costs.',
      severity: 'error',
      from: { path: '^src/(?!observability/|service/)[^/]+/' },
      to: { path: '^src/observability/' },
    },
    {
      name: 'workflows-know-activities-by-type-only',
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: { path: '^src/activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'client-knows-workflows-by-messages-or-type-only',
      severity: 'error',
      from: { path: '^src/client/' },
      to: {
        path: '^src/workflows/',
        pathNot: '^src/workflows/messages\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'deterministic-code-uses-no-node-module',
      severity: 'error',
      from: { path: '^src/(workflows|rules|shared)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-delivery-calls-what-people-name',
      comment: 'Whatever a rule or a credential names is called through the guard there.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(delivery|cli|demo|temporal)/' },
      to: { path: '^(node:)?(https|http2|tls|dns|dgram|undici)(/|$)|node_modules/undici/' },
    },
    {
      name: 'opentelemetry-is-loaded-to-trace-alone',
      comment: 'Tracing is off by default, and costs no memory then.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/tracing/(otlp-tracer|reporting-exporter)\\.ts$' },
      to: {
        path: 'node_modules/@opentelemetry/|^src/tracing/(otlp-tracer|reporting-exporter)\\.ts$',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-dev-dependency-in-src',
      severity: 'error',
      // What the dashboard imports is in its built assets.
      from: { path: '^src/(?!dashboard/)' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
