import type { Command } from 'commander';
import type { EventType } from '../api-types';
import type { Cli } from '../cli';
import { BadInputError } from '../errors';
import { apiPath } from '../http';
import { nameOf, placeIn, readYaml } from '../input';
import { showList, withPages, type PageOptions } from '../listing';
import type { Column } from '../table';
import { cleanLine } from '../text';
import { age } from '../times';
import { printYaml } from '../yaml-output';

/** As large as the API lets one be. Bytes. */
const MAX_FILE_BYTES = 262_144;

const columns: Column<EventType>[] = [
  { title: 'EVENT TYPE', value: ({ name }) => name, color: () => 'cyan' },
  { title: 'DESCRIPTION', value: ({ description }) => description, shrinks: true },
  { title: 'SCHEMA', value: ({ schema }) => (schema === null ? '' : 'yes') },
  { title: 'CHANGED', value: ({ updated_at }) => age(updated_at), align: 'right', expendable: 1 },
];

/** Adds `event-types …`. */
export function addEventTypes(program: Command, cli: Cli): void {
  const eventTypes = program
    .command('event-types')
    .description('see and change types of your own events, and the JSON Schemas of their data');

  withPages(eventTypes.command('list').description('list event types')).action(
    async (options: PageOptions) => {
      await showList(cli, apiPath('event-types'), {}, options, { columns, none: 'No event types.' });
    },
  );

  eventTypes
    .command('show')
    .description('show an event type as YAML, which can be edited and applied')
    .argument('<event-type>')
    .action(async (name: string) => {
      const api = await cli.api();
      const eventType = await api.get<EventType>(apiPath('event-types', name));
      if (cli.out.json) cli.out.document(eventType);
      else await printYaml(cli.out, eventType);
    });

  eventTypes
    .command('apply')
    .description('create or replace an event type from a YAML or JSON file: name, description, schema')
    .argument('<file>', '"-" is standard input')
    .action(async (file: string) => {
      const source = await readYaml(file, cli.world.stdin, MAX_FILE_BYTES);
      const name = nameIn(source);
      if (name === undefined)
        throw new BadInputError(`${nameOf(file)}: name: must be the name of an event type`);
      const api = await cli.api();
      const { status, body } = await api.request<EventType>('PUT', apiPath('event-types', name), {
        json: source,
        locate: placeIn(file),
      });
      if (cli.out.json) cli.out.document(body);
      else
        cli.out.print(
          `${cleanLine(body.name)} ${status === 201 ? 'created' : 'replaced'} (version ${body.version})`,
        );
    });

  eventTypes
    .command('delete')
    .description('delete an event type: its events are then taken whatever their data is')
    .argument('<event-type>')
    .action(async (name: string) => {
      const api = await cli.api();
      await api.request('DELETE', apiPath('event-types', name));
      if (!cli.out.json) cli.out.print(`Deleted ${cleanLine(name)}`);
    });
}

function nameIn(source: unknown): string | undefined {
  const name = typeof source === 'object' && source !== null && 'name' in source ? source.name : undefined;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
