import { Arrivals } from './arrivals';
import { Child } from './child';
import { FloorEndpoint } from './floor-endpoint';
import { startFloor } from './floor-process';
import type { Side } from './load';
import { chainEvent, chainRule } from './rules';
import { CONNECTIONS, Service } from './service';
import type { Stage } from './stage';
import type { withParts } from './with-parts';

/** Both sides behind HTTP: the service, and a bare endpoint that starts one bare workflow; each event calls the receiver once. */
export async function startEndpoints(stage: Stage, keep: Parameters<Parameters<typeof withParts>[0]>[0]) {
  const arrivals = new Arrivals();
  const receiver = await keep(Child.start<{ url: string }>('receiver', {}, arrivals.add));
  const { url } = receiver.ready;
  const service = await keep(Service.start(stage, [chainRule(url, 1)]));
  const floor = await keep(startFloor(stage, url));
  const endpoint = await keep(Promise.resolve(new FloorEndpoint(floor.ready.url, CONNECTIONS)));
  const product: Side = {
    start: (id) => service.postEvent(chainEvent(id, 1)),
    client: stage.client,
    workflowType: 'executeRule',
    pids: { Node: service.pid, ...stage.pids },
  };
  const bare: Side = {
    start: (id) => endpoint.postEvent(chainEvent(id, 1)),
    client: stage.floorClient,
    workflowType: 'floor',
    pids: { Node: floor.pid, ...stage.pids },
  };
  return { arrivals, product, bare };
}
