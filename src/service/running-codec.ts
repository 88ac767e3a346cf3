import { readFile } from 'node:fs/promises';
import { readAnnouncement } from './announcement';
import { adminKeyFile } from './first-admin-key';

/** How long a service may take to say that it is there. Milliseconds. */
const TIME_LIMIT_MS = 2_000;

/** What decodes payloads, as Temporal's own tools are told it. */
export interface RunningCodec {
  endpoint: string;
  /** For the header of that name. */
  authorization: string;
}

/**
 * The codec of the service that runs on the data folder, with the key that it left there; undefined when no service answers or
 * it does not take that key: Temporal's tools show nothing at all when they are told a codec that does not work.
 */
export async function findRunningCodec(dataFolder: string): Promise<RunningCodec | undefined> {
  const { url } = (await readAnnouncement(dataFolder)) ?? {};
  const key = await readFile(adminKeyFile(dataFolder), 'utf8').catch(() => undefined);
  if (url === undefined || key === undefined) return undefined;
  const codec = { endpoint: `${url}/temporal/codec`, authorization: `Bearer ${key.trim()}` };
  return (await answers(codec)) ? codec : undefined;
}

async function answers({ endpoint, authorization }: RunningCodec): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/decode`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ payloads: [] }),
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
    return response.ok;
  } catch {
    return false;
  }
}
