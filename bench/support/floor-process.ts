import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { Child } from './child';
import { FLOOR_NAMESPACE, type Stage } from './stage';

export interface FloorSettings {
  address: string;
  namespace: string;
  receiverUrl: string;
  /** Path of the bundle. */
  bundle: string;
}

export interface FloorReady {
  /** Of the bare endpoint: POST starts one step. */
  url: string;
}

/** Starts workflows that call the receiver. Answered with their ids. */
export interface FloorAsk {
  /** Of their event. */
  id: string;
  steps: number;
  notBefore?: number;
  times: number;
  /** Starts under way at once. */
  atOnce: number;
}

/** Starts the floor's process on a server. */
export async function startFloor(
  { folder, address }: Stage,
  receiverUrl: string,
): Promise<Child<FloorReady>> {
  const bundle = join(folder, 'floor-bundle.js');
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(__dirname, '../floor/workflows.ts'),
    logger: new DefaultLogger('ERROR'),
  });
  writeFileSync(bundle, code);
  const settings: FloorSettings = { address, namespace: FLOOR_NAMESPACE, receiverUrl, bundle };
  return Child.start('floor', settings);
}
