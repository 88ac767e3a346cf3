import { Child } from './child';
import type { Stage } from './stage';

export interface ProductSettings {
  address: string;
  databaseUrl: string | undefined;
  folder: string;
  receiverUrl: string;
  /** The lengths of its rules' chains. */
  lengths: readonly number[];
}

/** Starts one execution. */
export interface ProductAsk {
  /** Of its event. */
  id: string;
  steps: number;
}

/** Starts the product's executions alone in a process: its worker, and starts beside it, without HTTP and events. */
export function startProduct(
  { address, databaseUrl, folder }: Stage,
  receiverUrl: string,
  lengths: readonly number[],
): Promise<Child> {
  const settings: ProductSettings = { address, databaseUrl, folder, receiverUrl, lengths };
  return Child.start('product', settings);
}
