import type { Command } from 'commander';
import type { AuditEntry } from '../api-types';
import type { Cli } from '../cli';
import { apiPath } from '../http';
import { showList, withPages, type PageOptions } from '../listing';
import { pastTime } from '../options';
import type { Column } from '../table';

const columns: Column<AuditEntry>[] = [
  { title: 'AT', value: ({ at }) => at },
  { title: 'WHO', value: ({ actor }) => actor, shrinks: true },
  { title: 'ACTION', value: ({ action }) => action, color: () => 'cyan' },
  { title: 'WHAT', value: ({ subject }) => subject.id, shrinks: true },
  { title: 'DETAILS', value: ({ details }) => detailsOf(details), shrinks: true, expendable: 1 },
];

interface Options extends PageOptions {
  actor?: string;
  action?: string;
  subjectType?: string;
  subjectId?: string;
  since?: string;
  until?: string;
}

/** Adds `audit`. */
export function addAudit(program: Command, cli: Cli): void {
  withPages(
    program
      .command('audit')
      .description('list who changed what, newest first')
      .option('--actor <actor>', 'what they did, e.g. key/abcdefghijkl')
      .option('--action <action>', 'what was done, e.g. rule.updated')
      .option('--subject-type <type>', 'changes of this kind of thing, e.g. rule')
      .option('--subject-id <id>', 'changes of this thing')
      .option('--since <time>', 'then or later: a time, or how long ago, such as 2h', pastTime)
      .option('--until <time>', 'before then', pastTime),
  ).action(async ({ subjectType, subjectId, since, until, actor, action, ...page }: Options) => {
    const subject = { subject_type: subjectType, subject_id: subjectId };
    const query = { actor, action, ...subject, from: since, to: until };
    await showList(cli, apiPath('audit'), query, page, { columns, none: 'No changes.' });
  });
}

function detailsOf(details: Record<string, unknown>): string {
  return Object.keys(details).length === 0 ? '' : JSON.stringify(details);
}
