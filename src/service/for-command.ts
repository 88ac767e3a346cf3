import { readFile } from 'node:fs/promises';
import { readConfig } from '../config';
import { adminKeyFile } from './first-admin-key';
import { startService } from './start-service';

/** A whole service in this process, for a command that needs one as long as it runs. */
export async function startServiceForCommand(
  say: (line: string) => void,
): Promise<{ url: string; key: string; stop: () => Promise<void> }> {
  const config = readConfig({ ROLE: 'all', API_PORT: '0', METRICS_PORT: '' });
  const { url, stop } = await startService(config, say);
  if (url === undefined) throw new Error('a service of the role "all" has an API');
  const key = await readFile(adminKeyFile(config.dataFolder), 'utf8');
  return { url, key: key.trim(), stop };
}
