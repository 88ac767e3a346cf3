import { Pool } from 'undici';

/** POSTs events to the bare endpoint, over as many kept connections as the service is given. */
export class FloorEndpoint {
  private readonly pool: Pool;

  constructor(url: string, connections: number) {
    this.pool = new Pool(url, { connections });
  }

  /** @throws Error when it is not accepted */
  async postEvent(event: object): Promise<void> {
    const { statusCode, body } = await this.pool.request({
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
    });
    await body.dump();
    if (statusCode !== 202) throw new Error(`the bare endpoint answered ${statusCode}`);
  }

  async stop(): Promise<void> {
    await this.pool.close();
  }
}
