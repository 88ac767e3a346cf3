import type { Client } from '@temporalio/client';
import fastify, { type FastifyBaseLogger } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { AllowedMethods } from './allowed-methods';
import { tellOfAnswers, type AnsweredRequest } from './answered-requests';
import { answerError, NoRoute, requestIdOf } from './answers';
import type { ApiApp } from './app';
import { readJsonOnly } from './body-parsers';
import { closePromptly } from './closing';
import { allowOrigins } from './cross-origin';
import { DashboardFiles } from './dashboard-files';
import { guard } from './guard';
import { serveDocumentation } from './docs';
import { loggedRequest } from './logged-request';
import { describeRoutes } from './openapi';
import { completeOperation } from './operations';
import { RequestProblem } from './problem';
import { apiKeyRoutes } from './routes/api-keys';
import { auditRoutes } from './routes/audit';
import { bulkOperationRoutes } from './routes/bulk-operations';
import { callRoutes } from './routes/calls';
import { channelRoutes } from './routes/channels';
import { credentialRoutes } from './routes/credentials';
import { destinationRoutes } from './routes/destinations';
import { destinationCallRoutes } from './routes/destination-calls';
import { destinationStateRoutes } from './routes/destination-states';
import { egressProxyRoutes } from './routes/egress-proxy';
import { encryptionRoutes } from './routes/encryption';
import { eventBatchRoutes } from './routes/event-batches';
import { eventRuleRoutes } from './routes/event-rules';
import { eventTypeRoutes } from './routes/event-types';
import { eventRoutes } from './routes/events';
import { executionActionRoutes } from './routes/execution-actions';
import { executionChangeRoutes } from './routes/execution-changes';
import { executionExportRoutes } from './routes/execution-export';
import { executionFollowRoutes } from './routes/execution-follow';
import { executionOutcomeRoutes } from './routes/execution-outcomes';
import { executionRoutes } from './routes/executions';
import { healthRoutes } from './routes/health';
import { issueTypeRoutes } from './routes/issue-types';
import { memberRoutes } from './routes/members';
import { CODEC_PATH, payloadCodecRoutes } from './routes/payload-codec';
import { portfolioMemberRoutes } from './routes/portfolio-members';
import { portfolioRoutes } from './routes/portfolios';
import { retryPageRoutes } from './routes/retry-page';
import { rulebookRoutes } from './routes/rulebook';
import { ruleScheduleRoutes } from './routes/rule-schedules';
import { ruleCheckRoutes } from './routes/rule-check';
import { ruleStateRoutes } from './routes/rule-states';
import { ruleTrialRoutes } from './routes/rule-trials';
import { ruleRoutes } from './routes/rules';
import { scorecardRoutes } from './routes/scorecards';
import { sessionRoutes } from './routes/sessions';
import { signingKeyRoutes } from './routes/signing-keys';
import { workspaceRoutes } from './routes/workspaces';
import { sessionCookieFor } from './session-cookie';
import { ApiSetupError } from './setup-error';
import { traceRequests } from './traced-requests';
import { validatorCompiler } from './validation';
import type { Release } from '../client/release-held';
import type { ChannelAnswer, OpenChannel } from '../destinations/channel';
import type { UrlCheck } from '../destinations/url-check';
import type { EventIntake } from '../ingest/event-intake';
import type { Tracer } from '../tracing/tracing';
import type { RuleIndex } from '../rules/rule-index';
import { MAX_EVENT_BYTES } from '../shared/limits';
import type { Store } from '../store/store';

/** Time for a request to arrive as a whole. Milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Longest id in an address, escaped. Characters. */
const MAX_PARAMETER_LENGTH = 2_048;

/** Never in the log, whoever writes a request into it. */
const SECRET_HEADERS = ['authorization', 'cookie', 'set-cookie', 'x-csrf-token'];

const ROUTES = [
  eventRoutes,
  eventRuleRoutes,
  eventBatchRoutes,
  executionRoutes,
  executionExportRoutes,
  executionChangeRoutes,
  executionOutcomeRoutes,
  executionFollowRoutes,
  executionActionRoutes,
  bulkOperationRoutes,
  ruleRoutes,
  ruleCheckRoutes,
  ruleStateRoutes,
  ruleTrialRoutes,
  ruleScheduleRoutes,
  rulebookRoutes,
  scorecardRoutes,
  portfolioRoutes,
  portfolioMemberRoutes,
  issueTypeRoutes,
  memberRoutes,
  eventTypeRoutes,
  destinationRoutes,
  destinationStateRoutes,
  destinationCallRoutes,
  callRoutes,
  signingKeyRoutes,
  credentialRoutes,
  channelRoutes,
  egressProxyRoutes,
  encryptionRoutes,
  apiKeyRoutes,
  sessionRoutes,
  workspaceRoutes,
  auditRoutes,
  payloadCodecRoutes,
  healthRoutes,
  retryPageRoutes,
];

export interface ApiDependencies {
  store: Store;
  /** Temporal's. */
  client: Client;
  intake: EventIntake;
  /** The index, with everything in it that was committed before the call, in whichever process. @throws StoreAwayError */
  index: () => Promise<RuleIndex>;
  /** What looks at URLs before they are saved. */
  urlCheck: UrlCheck;
  /** Has held executions look now whether they may go on. Never throws: those that it misses look by themselves. */
  releaseHeld: (release: Release) => Promise<void>;
  /** Sends a test message. Never throws. */
  tryChannel: (workspace: string, channel: OpenChannel) => Promise<ChannelAnswer>;
  /** Told of each request that was answered. */
  answered?: ((request: AnsweredRequest) => void) | undefined;
  /** Absent: nothing is traced. */
  tracer?: Tracer | undefined;
  log: FastifyBaseLogger;
}

export interface ApiSettings {
  /** An address of this machine. Loopback unless told otherwise. */
  host: string;
  /** 0: any that is free. */
  port: number;
  /** Networks in CIDR form: what comes from there is of the client, and by the way, that `X-Forwarded-…` tells. */
  trustedProxies: readonly string[];
  /** Requests that one key may make within a second. 0: no limit. */
  requestsPerSecond: number;
  /** Origins whose pages may use the codec: of Temporal's UI. */
  codecOrigins: readonly string[];
  /** Where people open the service, when that is known. */
  publicUrl?: string | undefined;
  /** The namespace in Temporal's UI, when one is known. */
  temporalUi?: string | undefined;
  /** Where the build has put the dashboard. */
  dashboardFolder: string;
}

export interface Api {
  /** `http://host:port`. */
  url: string;
  /** Answers what is under way, and takes no more. */
  close(): Promise<void>;
}

/** Starts the HTTP API. @throws ApiSetupError when the port is taken */
export async function startApi(deps: ApiDependencies, settings: ApiSettings): Promise<Api> {
  const app = await createApp(deps, settings);
  const { host, port } = settings;
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw new ApiSetupError(
      `the API cannot listen on API_HOST ${host}, API_PORT ${port}: ${(error as Error).message}`,
      { cause: error },
    );
  }
  const address = app.server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${shownHost}:${actualPort}`, close: () => app.close() };
}

async function createApp(deps: ApiDependencies, settings: ApiSettings): Promise<ApiApp> {
  const app: ApiApp = fastify({
    loggerInstance: deps.log.child(
      {},
      {
        serializers: { req: loggedRequest },
        redact: SECRET_HEADERS.flatMap((name) => [
          `req.headers["${name}"]`,
          `headers["${name}"]`,
          `*["${name}"]`,
        ]),
      },
    ),
    trustProxy: settings.trustedProxies.length > 0 && [...settings.trustedProxies],
    bodyLimit: MAX_EVENT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    genReqId: requestIdOf,
    frameworkErrors: answerError,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  readJsonOnly(app);
  closePromptly(app);
  if (deps.answered) tellOfAnswers(app, deps.answered);
  allowOrigins(app, CODEC_PATH, settings.codecOrigins);
  const dashboard = new DashboardFiles(settings.dashboardFolder);
  dashboard.servePages(app);
  await guard(app, deps.store, sessionCookieFor(settings.publicUrl), settings.requestsPerSecond);
  traceRequests(app, deps.tracer);
  await describeRoutes(app);
  const methods = new AllowedMethods();
  app.addHook('onRoute', (route) => {
    completeOperation(route);
    methods.add(route.method, route.url);
  });
  const noRoute = new NoRoute(methods);
  app.setNotFoundHandler(noRoute.answer);
  app.setErrorHandler((error, request, reply) => {
    const isNews = error instanceof RequestProblem || !request.is404;
    answerError(isNews ? error : noRoute.problem(request), request, reply);
  });
  serveDocumentation(app);
  dashboard.serveFiles(app);
  for (const addRoutes of ROUTES) addRoutes(app, deps, settings);
  return app;
}
