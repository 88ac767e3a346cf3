import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiCaller } from './api-caller';
import { Program } from './program';

/** The service as a process of its own, and a caller with its first admin key. */
export class ServiceProcess extends ApiCaller {
  private constructor(
    readonly program: Program,
    url: string,
    key: string,
  ) {
    super(url, key);
  }

  /** @param settings variables; ports are free ones unless told otherwise */
  static async start(
    dataFolder: string,
    settings: Record<string, string> = {},
    args: string[] = [],
  ): Promise<ServiceProcess> {
    const program = Program.start('main.js', args, {
      DATA_DIR: dataFolder,
      API_PORT: '0',
      API_RATE_LIMIT: '0',
      TEMPORAL_DEV_PORT: '0',
      TEMPORAL_DEV_UI_PORT: '0',
      ALLOWED_NETWORKS: '127.0.0.0/8',
      ...settings,
    });
    const [, url = ''] = await program.printed(/API: (\S+)[^]*Ready/);
    return new ServiceProcess(program, url, readFileSync(join(dataFolder, 'admin-key'), 'utf8').trim());
  }

  kill(signal: NodeJS.Signals): Promise<number | null> {
    return this.program.kill(signal);
  }
}
