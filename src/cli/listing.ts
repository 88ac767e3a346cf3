import { Option, type Command } from 'commander';
import type { Cli } from './cli';
import type { Query } from './http';
import { integer } from './options';
import type { Column } from './table';

/** As many as the API gives at once. */
const MAX_PAGE = 200;

export interface PageOptions {
  limit: number;
  all?: boolean | undefined;
  cursor?: string | undefined;
}

interface Page<Row> {
  items: Row[];
  next_cursor: string | null;
}

/** Gives a command the options of a list. */
export function withPages(command: Command): Command {
  return command
    .addOption(new Option('--limit <n>', 'how many at most').default(50).argParser(integer(1, 1_000_000)))
    .option('--all', 'all of them, however many')
    .option('--cursor <cursor>', 'begin where an earlier list ended');
}

/** Shows a list of the API: as many pages of it as the options ask for. */
export async function showList<Row>(
  cli: Cli,
  path: string,
  query: Query,
  options: PageOptions,
  { columns, none }: { columns: readonly Column<Row>[]; none: string },
): Promise<void> {
  const api = await cli.api();
  const wanted = options.all ? Infinity : options.limit;
  const items: Row[] = [];
  let cursor: string | null | undefined = options.cursor;
  do {
    const page: Page<Row> = await api.get(path, {
      ...query,
      limit: Math.min(MAX_PAGE, wanted - items.length),
      cursor: cursor ?? undefined,
    });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null && items.length < wanted);
  if (cli.out.json) {
    cli.out.document({ items, next_cursor: cursor });
    return;
  }
  if (items.length === 0) cli.out.note(none);
  else cli.out.table(columns, items);
  if (cursor !== null) cli.out.note(`There are more: --all, or --cursor ${cursor}`);
}
