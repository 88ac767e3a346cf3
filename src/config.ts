import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { parseOrigins } from './api/cross-origin';
import { parseNetworks } from './delivery/address-guard';
import { parseHostPatterns } from './delivery/host-name';
import { isHttp2Sound } from './delivery/http2-soundness';
import { parseNoProxy } from './destinations/no-proxy';
import { parseProxyUrl } from './destinations/proxy-url';
import { parseMailbox } from './mail/mailbox';
import { parseSmtpUrl } from './mail/smtp-url';
import { parseOtlpHeaders } from './tracing/otlp-headers';
import { notifySchema } from './rules/notify';
import { parseMasterKeys } from './secrets/master-key';
import { parseUrl } from './shared/parse-url';
import { parsePayloadKeys } from './temporal/payload-keys';

/** How long ended executions are kept where nothing is set. */
const DEFAULT_RETENTION_DAYS = 30;

/** Settings that cannot be used. The message has a line for each, which begins with the variable's name. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** A setting whose text some other module understands: its error becomes the setting's. */
function understoodBy<T>(parse: (text: string) => T) {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  });
}

/** The entries of a list with commas. */
function entriesOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function parsePorts(text: string): number[] {
  return entriesOf(text).map((entry) => {
    const number = /^\d{1,5}$/.test(entry) ? Number(entry) : 0;
    if (number < 1 || number > 65_535) throw new Error(`"${entry}" is not a port`);
    return number;
  });
}

function parseDigest(text: string): number {
  const parsed = notifySchema.shape.digest.safeParse(text);
  if (!parsed.success || parsed.data === undefined) throw new Error('must be a time such as "1h", or "0"');
  return parsed.data;
}

function parsePublicUrl(text: string): string {
  const url = parseUrl(text);
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error('must begin with https:// or http://');
  }
  if (url.username || url.password || url.search || url.hash) throw new Error('must be an address alone');
  return url.href.replace(/\/+$/, '');
}

function ownUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const port = z.coerce.number().int().min(0).max(65_535);

/** Every setting. Those of a configured Temporal server (TEMPORAL_ADDRESS …) are read by `temporal/configured-server`. */
const settings = z.object({
  /** Below it: the store and the embedded server's database, the first admin key, and mail when SMTP_URL is absent. */
  DATA_DIR: z
    .string()
    .default('data')
    .transform((folder) => resolve(folder)),
  /** Rules and groups, YAML or JSON, applied at start. `rules.yaml` in the working directory when absent, if there is one. */
  RULES_FILE: z.string().optional(),
  /** `postgres://…`. Without it, the store is a SQLite file in DATA_DIR. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  /**
   * What secrets in the store are sealed with: 32 random bytes in base64, or several, separated by commas. `keys rotate`
   * goes over to the first one; all of them open. Without it, a key is made and kept in DATA_DIR.
   */
  ENCRYPTION_KEY: understoodBy(parseMasterKeys).optional(),
  /** What this process does: take events and edits, execute rules, or both. */
  ROLE: z.enum(['all', 'api', 'worker']).default('all'),
  /** The address on which the API listens. */
  API_HOST: z.string().default('127.0.0.1'),
  /** 0: any free port. */
  API_PORT: port.default(7333),
  /** Where people open the service, for the links in mails and messages. `http://API_HOST:API_PORT` when absent. */
  PUBLIC_URL: understoodBy(parsePublicUrl).optional(),
  /** Networks of the proxies before this service, in CIDR form, with commas: a client's address is the one that they tell. */
  TRUSTED_PROXIES: understoodBy((list) => {
    parseNetworks(list);
    return entriesOf(list);
  }).default([]),
  /** Requests that one API key may make within a second, in each process. 0: no limit. */
  API_RATE_LIMIT: z.coerce.number().int().min(0).default(200),
  /** Of the JSON log on standard error. */
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),
  /** Where Prometheus finds `GET /metrics`, in each process. 0: any free port. Without it, nothing is counted. */
  METRICS_PORT: port.optional(),
  /** The address on which that is served. */
  METRICS_HOST: z.string().default('127.0.0.1'),
  /** `smtp://` or `smtps://`. Without it, mail is written into files. */
  SMTP_URL: understoodBy((url) => (parseSmtpUrl(url), url)).optional(),
  /** The sender of escalation e-mails. */
  MAIL_FROM: understoodBy((from) => (parseMailbox(from), from)).default(
    'Rule Webhooks <rule-webhooks@localhost>',
  ),
  /** Networks in CIDR form that may be called although they are not public, by http too and on any port; with commas. */
  ALLOWED_NETWORKS: understoodBy(parseNetworks).default([]),
  /** Hosts that may be called wherever they are, by http too and on any port: names, or `*.example.com`; with commas. */
  ALLOWED_HOSTS: understoodBy(parseHostPatterns).default([]),
  /** The ports of everything else, separated by commas. */
  ALLOWED_PORTS: understoodBy(parsePorts).default([80, 443, 8_080, 8_443]),
  /** Whether everything else may be called by http as well. */
  ALLOW_HTTP: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
  /** Whether receivers are offered HTTP/2. */
  ALLOW_HTTP2: z
    .stringbool({ truthy: ['true'], falsy: ['false'] })
    .default(false)
    .refine((isAllowed) => !isAllowed || isHttp2Sound(), {
      error: `needs another Node: receivers can end this one (${process.version} with nghttp2 ${process.versions['nghttp2']}, CVE-2026-27135). Node 22.23 and 24.21 are known to be sound`,
    }),
  /** The proxy that calls go through, http and https: `http://user:password@host:port`. */
  HTTPS_PROXY: understoodBy(parseProxyUrl).optional(),
  /** What is called without it: hosts, addresses, networks, `*`; separated by commas. */
  NO_PROXY: understoodBy((text) => {
    const entries = entriesOf(text);
    parseNoProxy(entries);
    return entries;
  }).default([]),
  /** Calls under way at once to a destination that has no limit of its own, over all processes. */
  DESTINATION_MAX_CONCURRENT: z.coerce.number().int().min(1).max(10_000).default(20),
  /** Failed calls of a destination, one after the other, after which it is called only to see whether it is back. 0: never. */
  BREAKER_FAILURES: z.coerce.number().int().min(0).max(1_000_000).default(20),
  /** For how long calls to a destination fail, without one that goes well, before it is disabled. Days. 0: never. */
  DISABLE_AFTER_DAYS: z.coerce.number().min(0).max(365).default(5),
  /** Held executions that are released within a second, at most, once they may go on. */
  RELEASE_PER_SECOND: z.coerce.number().int().min(1).max(1_000).default(20),
  /** For how long further escalations of a rule are gathered into one e-mail, such as `1h`; `0`: each has its own. */
  ESCALATION_DIGEST: understoodBy(parseDigest).default(3_600_000),
  /** The Temporal CLI that runs the embedded server. Searched for when absent. */
  TEMPORAL_CLI_PATH: z.string().optional(),
  /** Of the embedded server. 0: any free port. */
  TEMPORAL_DEV_PORT: port.optional(),
  TEMPORAL_DEV_UI_PORT: port.optional(),
  /**
   * Keys of 32 bytes in base64, separated by commas: what goes to Temporal is encrypted with the first one, all decrypt. Without
   * it, nothing is encrypted.
   */
  PAYLOAD_ENCRYPTION_KEY: understoodBy(parsePayloadKeys).default([]),
  /** Where the Temporal UI is opened: origins whose pages may use the codec, separated by commas. The embedded UI's own when absent. */
  CODEC_ORIGINS: understoodBy(parseOrigins).optional(),
  /**
   * How long ended executions are kept. Days; 30 on the embedded server and in a namespace that is registered here. One that
   * exists is left as it is unless this is given.
   */
  RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).optional(),
  /**
   * With it, workers are versioned: which build gets the executions of this deployment is decided with `npm run upgrade`. The
   * server allows no dot and no colon. For a Temporal server of one's own.
   */
  DEPLOYMENT_NAME: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]{0,99}$/, 'must be letters, digits, _ and -')
    .optional(),
  /** Where people open Temporal's UI. The embedded UI's address when absent. */
  TEMPORAL_UI_URL: understoodBy(parsePublicUrl).optional(),
  /** Where spans go: an OTLP/HTTP collector, `http://host:4318`. Absent: nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: understoodBy(parsePublicUrl).optional(),
  /** Sent with them, such as a key of the collector's: `name=value`, percent-encoded, separated by commas. */
  OTEL_EXPORTER_OTLP_HEADERS: understoodBy(parseOtlpHeaders).default({}),
  /** By which name traces show this service. */
  OTEL_SERVICE_NAME: z.string().default('rule-webhooks'),
  PATH: z.string().default(''),
  XDG_CACHE_HOME: z.string().optional(),
});

/** The names of the settings. */
export const SETTING_NAMES = Object.keys(settings.shape);

export type Config = ReturnType<typeof readConfig>;

/**
 * Reads the settings of the program. An empty variable counts as unset.
 *
 * @param overrides variables that go before those of the environment
 * @throws ConfigError that names each variable that is wrong, and why
 */
export function readConfig(overrides: Record<string, string> = {}, environment = process.env) {
  const all = Object.entries({ ...environment, ...overrides });
  const given = Object.fromEntries(all.filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(problems.join('\n'));
  }
  const config = parsed.data;
  const retentionDays = config.RETENTION_DAYS ?? DEFAULT_RETENTION_DAYS;
  return {
    dataFolder: config.DATA_DIR,
    rulesFile: config.RULES_FILE ?? (existsSync('rules.yaml') ? 'rules.yaml' : undefined),
    store: {
      databaseUrl: config.DATABASE_URL,
      dataFolder: config.DATA_DIR,
      encryptionKeys: config.ENCRYPTION_KEY,
      failureLimits: {
        breakerFailures: config.BREAKER_FAILURES,
        disableAfterMs: config.DISABLE_AFTER_DAYS * 86_400_000,
      },
    },
    role: config.ROLE,
    logLevel: config.LOG_LEVEL,
    api: {
      host: config.API_HOST,
      port: config.API_PORT,
      requestsPerSecond: config.API_RATE_LIMIT,
      codecOrigins: config.CODEC_ORIGINS,
      publicUrl: config.PUBLIC_URL,
      trustedProxies: config.TRUSTED_PROXIES,
      dashboardFolder: join(__dirname, '../dist/dashboard'),
    },
    metrics:
      config.METRICS_PORT === undefined
        ? undefined
        : { host: config.METRICS_HOST, port: config.METRICS_PORT },
    publicUrl: config.PUBLIC_URL ?? ownUrl(config.API_HOST, config.API_PORT),
    retentionDays,
    deploymentName: config.DEPLOYMENT_NAME,
    temporalUiUrl: config.TEMPORAL_UI_URL,
    payloadKeys: config.PAYLOAD_ENCRYPTION_KEY,
    mail: {
      from: config.MAIL_FROM,
      folder: join(config.DATA_DIR, 'mail'),
      ...(config.SMTP_URL !== undefined && { smtpUrl: config.SMTP_URL }),
    },
    egress: {
      allowedNetworks: config.ALLOWED_NETWORKS,
      allowedHosts: config.ALLOWED_HOSTS,
      allowedPorts: config.ALLOWED_PORTS,
      allowHttp: config.ALLOW_HTTP,
      allowHttp2: config.ALLOW_HTTP2,
      ...(config.HTTPS_PROXY !== undefined && {
        proxy: { ...config.HTTPS_PROXY, noProxy: config.NO_PROXY },
      }),
    },
    destinations: {
      maxConcurrent: config.DESTINATION_MAX_CONCURRENT,
      releasePerSecond: config.RELEASE_PER_SECOND,
    },
    escalationDigestMs: config.ESCALATION_DIGEST,
    userAgent: `rule-webhooks/${version()}`,
    tracing:
      config.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? undefined
        : {
            url: `${config.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`,
            headers: config.OTEL_EXPORTER_OTLP_HEADERS,
            serviceName: config.OTEL_SERVICE_NAME,
            serviceVersion: version(),
          },
    temporal: {
      environment: given,
      alwaysEmbedded: false,
      dataFolder: config.DATA_DIR,
      port: config.TEMPORAL_DEV_PORT,
      uiPort: config.TEMPORAL_DEV_UI_PORT,
      retentionDays,
      adoptsRetention: config.RETENTION_DAYS !== undefined,
      executables: {
        cliPath: config.TEMPORAL_CLI_PATH,
        searchPath: config.PATH,
        cacheHome: config.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
      },
    },
  };
}

function version(): string {
  const manifest = readFileSync(join(__dirname, '../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
