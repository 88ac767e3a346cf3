import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import type { Cli } from '../cli';
import { apiPath } from '../http';
import { cleanLine } from '../text';

/** What opens an address in the user's browser. */
const OPENERS: Partial<Record<NodeJS.Platform, string>> = { linux: 'xdg-open', darwin: 'open' };

/** Adds `dashboard`. */
export function addDashboard(program: Command, cli: Cli): void {
  program
    .command('dashboard')
    .description('open the dashboard, signed in by a link that works once, within 5 minutes')
    .option('--print', 'only print the link')
    .action(async ({ print = false }: { print?: boolean }) => {
      const api = await cli.api();
      const { body } = await api.request<{ url: string }>('POST', apiPath('session-links'));
      if (cli.out.json) {
        cli.out.document(body);
        return;
      }
      const url = cleanLine(body.url);
      cli.out.note('This link signs in once, within 5 minutes:');
      cli.out.print(url);
      if (!print && cli.out.isTerminal && /^https?:/.test(url)) await open(url);
    });
}

/** Best effort: the link is on the screen. */
async function open(url: string): Promise<void> {
  const opener = OPENERS[process.platform];
  if (opener === undefined) return;
  const child = spawn(opener, [url], { detached: true, stdio: 'ignore' });
  await new Promise<void>((resolve) => {
    child.once('spawn', resolve).once('error', () => {
      resolve();
    });
  });
  child.unref();
}
