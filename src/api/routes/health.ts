import { z } from 'zod';
import type { ApiApp } from '../app';
import type { ApiDependencies } from '../server';
import { inTime } from '../../ingest/in-time';
import { within } from '../../shared/within';

/** How long a part may take to answer before it counts as away. Milliseconds. */
const TIME_LIMIT_MS = 2_000;

const part = z.enum(['ok', 'away']);
const readiness = z.object({
  status: z.enum(['ready', 'not_ready']),
  parts: z.object({ store: part, temporal: part }),
});

export function healthRoutes(app: ApiApp, { store, client }: ApiDependencies): void {
  app.get(
    '/healthz',
    {
      // Whatever watches the service must not be told that there were too many requests.
      config: { access: 'public', rateLimit: false },
      logLevel: 'warn',
      schema: {
        operationId: 'getHealth',
        tags: ['Health'],
        summary: 'Whether the service runs',
        response: { 200: z.object({ status: z.literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      config: { access: 'public' },
      logLevel: 'warn',
      schema: {
        operationId: 'getReadiness',
        tags: ['Health'],
        summary: 'Whether the service can do its work, and which part is away',
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const [storeState, temporalState] = await Promise.all([
        stateOf(store.ping()),
        stateOf(inTime(client, () => client.workflowService.getSystemInfo({}), TIME_LIMIT_MS)),
      ]);
      const isReady = storeState === 'ok' && temporalState === 'ok';
      if (!isReady) reply.code(503).header('retry-after', '5');
      return {
        status: isReady ? ('ready' as const) : ('not_ready' as const),
        parts: { store: storeState, temporal: temporalState },
      };
    },
  );
}

async function stateOf(answer: Promise<unknown>): Promise<z.output<typeof part>> {
  const state = answer.then(() => 'ok' as const);
  return within(TIME_LIMIT_MS, state, () => 'away' as const).catch(() => 'away');
}
