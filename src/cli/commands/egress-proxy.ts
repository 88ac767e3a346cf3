import type { Command } from 'commander';
import type { EgressProxy } from '../api-types';
import type { Cli } from '../cli';
import { apiPath } from '../http';
import { readSecret } from '../input';
import { repeated } from '../options';
import { cleanLine } from '../text';
import { printYaml } from '../yaml-output';

interface SetOptions {
  username?: string;
  passwordFile?: string;
  direct: string[];
}

/** Adds `egress-proxy …`. */
export function addEgressProxy(program: Command, cli: Cli): void {
  const egressProxy = program
    .command('egress-proxy')
    .description('see and change the proxy that all calls of the workspace go by');

  egressProxy
    .command('show')
    .description('show the proxy, without its password')
    .action(async () => {
      const api = await cli.api();
      const proxy = await api.get<EgressProxy>(apiPath('egress-proxy'));
      if (cli.out.json) cli.out.document(proxy);
      else await printYaml(cli.out, proxy);
    });

  egressProxy
    .command('set')
    .description('let all calls of the workspace go by a proxy')
    .argument('<url>', 'http://host:port or https://host:port')
    .option('--username <name>')
    .option(
      '--password-file <file>',
      'a file with the password, "-" is standard input; without one it stays as it is while URL and user stay',
    )
    .option('--direct <host>', 'called directly, as in NO_PROXY; may be given several times', repeated, [])
    .action(async (url: string, { username, passwordFile, direct }: SetOptions) => {
      const password =
        passwordFile === undefined ? undefined : await readSecret(passwordFile, cli.world.stdin);
      const api = await cli.api();
      const { body } = await api.request<EgressProxy>('PUT', apiPath('egress-proxy'), {
        json: { url, username, password, no_proxy: direct },
      });
      if (cli.out.json) cli.out.document(body);
      else cli.out.print(`Calls go by ${cleanLine(body.url)} (version ${body.version})`);
    });

  egressProxy
    .command('clear')
    .description('let calls go the way that the installation has set')
    .action(async () => {
      const api = await cli.api();
      await api.request('DELETE', apiPath('egress-proxy'));
      if (!cli.out.json) cli.out.print('Calls go the way that the installation has set');
    });
}
