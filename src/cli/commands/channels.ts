import { Option, type Command } from 'commander';
import type { Channel, ChannelTest } from '../api-types';
import type { Cli } from '../cli';
import { EXIT } from '../exit-codes';
import { apiPath } from '../http';
import { readSecret } from '../input';
import { showList, withPages, type PageOptions } from '../listing';
import type { Column } from '../table';
import { cleanLine } from '../text';
import { age } from '../times';

const columns: Column<Channel>[] = [
  { title: 'CHANNEL', value: ({ id }) => id, color: () => 'cyan' },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'NAME', value: ({ name }) => name, shrinks: true, expendable: 2 },
  { title: 'AT', value: ({ origin }) => origin, shrinks: true },
  { title: 'CHANGED', value: ({ updated_at }) => age(updated_at), align: 'right', expendable: 1 },
];

interface AddOptions {
  kind: string;
  urlFile?: string;
  name?: string;
}

/** Adds `channels …`. */
export function addChannels(program: Command, cli: Cli): void {
  const channels = program
    .command('channels')
    .description('see and change where notices go besides e-mail: Slack, Teams, webhooks');

  withPages(channels.command('list').description('list channels')).action(async (options: PageOptions) => {
    await showList(cli, apiPath('channels'), {}, options, { columns, none: 'No channels.' });
  });

  channels
    .command('add')
    .description('add a channel, or change it; the URL is a secret, so it is read from a file')
    .argument('<id>', 'the id that rules will name it by, in notify.channels')
    .addOption(
      new Option(
        '--kind <kind>',
        'slack: an incoming webhook; teams: a webhook of Workflows; webhook: your own endpoint, signed to',
      )
        .choices(['slack', 'teams', 'webhook'])
        .makeOptionMandatory(),
    )
    .option('--url-file <file>', 'a file that holds the URL; "-" is standard input (else it stays as it is)')
    .option('--name <name>', 'for people (else none)')
    .action(async (id: string, options: AddOptions) => {
      await add(cli, id, options);
    });

  channels
    .command('show')
    .description('show a channel, without its URL')
    .argument('<channel>')
    .action(async (id: string) => {
      const api = await cli.api();
      const channel = await api.get<Channel>(apiPath('channels', id));
      if (cli.out.json) cli.out.document(channel);
      else print(cli, channel);
    });

  channels
    .command('remove')
    .description('remove a channel; not while a rule names it')
    .argument('<channel>')
    .action(async (id: string) => {
      const api = await cli.api();
      await api.request('DELETE', apiPath('channels', id));
      if (!cli.out.json) cli.out.print(`Removed ${cleanLine(id)}`);
    });

  channels
    .command('test')
    .description('send a test message to a channel now, and say what came of it')
    .argument('<channel>')
    .action(async (id: string) => {
      await test(cli, id);
    });
}

async function add(cli: Cli, id: string, { kind, urlFile, name }: AddOptions): Promise<void> {
  const url = urlFile === undefined ? undefined : (await readSecret(urlFile, cli.world.stdin)).trim();
  const api = await cli.api();
  const { status, body } = await api.request<Channel & { signing_secret: string | null }>(
    'PUT',
    apiPath('channels', id),
    { json: { kind, name, url } },
  );
  if (cli.out.json) {
    cli.out.document(body);
    return;
  }
  const done = `${status === 201 ? 'Added' : 'Changed'} ${cleanLine(body.id)} (${body.kind}, ${cleanLine(body.origin)})`;
  if (body.signing_secret === null) {
    cli.out.print(done);
    return;
  }
  cli.out.note(`${done}. Its signing secret is shown this once:`);
  cli.out.print(body.signing_secret);
}

async function test(cli: Cli, id: string): Promise<void> {
  const api = await cli.api();
  const { body } = await api.request<ChannelTest>('POST', apiPath('channels', id, 'test'));
  if (!body.sent) cli.exitCode = EXIT.failed;
  if (cli.out.json) {
    cli.out.document(body);
    return;
  }
  if (body.sent) cli.out.print(`Sent to ${cleanLine(id)} in ${body.duration_ms} ms`);
  else cli.out.note(`${cleanLine(id)} did not take it: ${cleanLine(body.error ?? '')}`);
}

function print(cli: Cli, { id, kind, name, origin, updated_at, updated_by }: Channel): void {
  const { out } = cli;
  out.print(`${out.colors.bold(cleanLine(id))}  ${kind}  ${cleanLine(origin)}`);
  if (name !== null) out.print(`name: ${cleanLine(name)}`);
  out.print(`changed: ${age(updated_at)} ago by ${cleanLine(updated_by)}`);
}
