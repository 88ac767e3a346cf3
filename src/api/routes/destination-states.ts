import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf } from '../auth';
import { problems } from '../problem';
import { destination, destinationAnswer } from '../schemas/destination';
import { byOrigin } from '../schemas/origin';
import { reason } from '../schemas/reason';
import type { ApiDependencies } from '../server';

/** Whether a destination is called. */
export function destinationStateRoutes(
  app: ApiApp,
  { store: { destinations }, releaseHeld }: ApiDependencies,
): void {
  app.post(
    '/v1/destinations/:origin/disable',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'disableDestination',
        tags: ['Destinations'],
        summary: 'Disable a destination: what would call it is held',
        description: 'No event is dropped. What is held is escalated when its 36 hours are over.',
        params: byOrigin,
        body: z.strictObject({ reason: reason.default('by hand') }).nullish(),
        response: { 200: destination, ...problems(404) },
      },
    },
    async (request) => {
      const why = request.body?.reason ?? 'by hand';
      const { origin } = request.params;
      return destinationAnswer(await destinations.setDisabled(changeOf(request), origin, { reason: why }));
    },
  );

  app.post(
    '/v1/destinations/:origin/enable',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'enableDestination',
        tags: ['Destinations'],
        summary: 'Enable a destination again: what is held goes on, at a limited rate',
        description: 'It counts as never having failed.',
        params: byOrigin,
        response: { 200: destination, ...problems(404) },
      },
    },
    async (request) => {
      const change = changeOf(request);
      const { origin } = request.params;
      const enabled = await destinations.setDisabled(change, origin, null);
      await releaseHeld({ workspace: change.workspace, by: change.actor, which: { destination: origin } });
      return destinationAnswer(enabled);
    },
  );
}
