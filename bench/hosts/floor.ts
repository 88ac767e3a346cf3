/** The bare floor in a process of its own: a worker, and the starts beside it, with and without HTTP before them. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { callWebhook } from '../floor/call-webhook';
import type { floor, FloorInput } from '../floor/workflows';
import { runHost } from '../support/in-child';
import type { FloorAsk, FloorReady, FloorSettings } from '../support/floor-process';
import type { Activities } from '../../src/activities/index';
import { TASK_QUEUE } from '../../src/shared/ids';
import { mapBounded } from '../../src/shared/map-bounded';
import { createDataConverter } from '../../src/temporal/payload-codec';
import { installRuntime } from '../../src/temporal/runtime';
import { createWorker } from '../../src/worker/create-worker';

runHost(async ({ address, namespace, receiverUrl, bundle }: FloorSettings) => {
  installRuntime('ERROR');
  const connection = await NativeConnection.connect({ address });
  const dataConverter = createDataConverter([]);
  const client = new Client({ connection, namespace, dataConverter });
  // The very options of the product's worker, whatever they are.
  const worker = await createWorker({
    connection,
    namespace,
    dataConverter,
    activities: { callWebhook } as unknown as Activities,
    workflowBundle: bundle,
  });
  const running = worker.run();

  const start = async ({ id, steps, notBefore }: Pick<FloorAsk, 'id' | 'steps' | 'notBefore'>) => {
    const input: FloorInput = {
      urls: { step: `${receiverUrl}/step`, last: `${receiverUrl}/last` },
      steps,
      message: { trigger: { type: 'bench', data: { id } } },
      ...(notBefore !== undefined && { notBefore }),
    };
    const { workflowId } = await client.workflow.start<typeof floor>('floor', {
      workflowId: randomUUID(),
      taskQueue: TASK_QUEUE,
      args: [input],
      requestEagerStart: true,
    });
    return workflowId;
  };

  const endpoint = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const { data } = JSON.parse(text) as { data: { id: string } };
      void start({ id: data.id, steps: 1 }).then(() => {
        response.writeHead(202, { 'content-type': 'application/json' }).end('{"accepted":true}');
      });
    });
  });
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  const { port } = endpoint.address() as AddressInfo;

  return {
    ready: { url: `http://127.0.0.1:${port}` } satisfies FloorReady,
    answer: ({ times, atOnce, ...what }: FloorAsk) =>
      mapBounded(
        Array.from({ length: times }, () => what),
        atOnce,
        start,
      ),
    stop: async () => {
      endpoint.closeAllConnections();
      endpoint.close();
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
});
