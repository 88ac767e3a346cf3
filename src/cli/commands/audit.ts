import type { Command } from 'commander';
import type { AuditEntry } from '../api-types';
import type { Cli } from '../cli';
import { apiPath } from '../http';
import { showList, withPages, type PageOptions } from '../listing';
import type { Column } from '../table';

const columns: Column<AuditEntry>[] = [
  { title: 'AT', value: ({ at }) => at },
  { title: 'WHO', value: ({ actor }) => actor, shrinks: true },
  { title: 'ACTION', value: ({ action }) => action, color: () => 'cyan' },
  { title: 'WHAT', value: ({ subject }) => subject.id, shrinks: true },
  { title: 'DETAILS', value: ({ details }) => detailsOf(details), shrinks: true, expendable: 1 },
];

/** Adds `audit`. */
export function addAudit(program: Command, cli: Cli): void {
  withPages(
    program
      .command('audit')
      .description('list who changed what, newest first')
      .option('--subject-type <type>', 'changes of this kind of thing, e.g. rule')
      .option('--subject-id <id>', 'changes of this thing'),
  ).action(
    async ({
      subjectType,
      subjectId,
      ...options
    }: PageOptions & { subjectType?: string; subjectId?: string }) => {
      const query = { subject_type: subjectType, subject_id: subjectId };
      await showList(cli, apiPath('audit'), query, options, { columns, none: 'No changes.' });
    },
  );
}

function detailsOf(details: Record<string, unknown>): string {
  return Object.keys(details).length === 0 ? '' : JSON.stringify(details);
}
