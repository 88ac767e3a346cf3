import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ExecutionSummary } from './api-types';
import type { Query } from './http';
import { pastTime } from './options';
import { statusColor } from './status-color';
import type { Column } from './table';
import { age, until } from './times';

const STATUSES = [
  'running',
  'delivering',
  'waiting_for_retry',
  'held',
  'paused',
  'escalating',
  'delivered',
  'escalated',
  'cancelled',
  'abandoned',
  'failed',
  'terminated',
];

/** A list of executions. */
export const executionColumns: Column<ExecutionSummary>[] = [
  { title: 'EXECUTION', value: ({ execution_id }) => execution_id, color: () => 'cyan' },
  { title: 'RULE', value: ({ rule, test }) => `${rule.id}${test ? ' (test)' : ''}`, shrinks: true },
  { title: 'DOMAIN', value: ({ domain }) => domain, shrinks: true, expendable: 2 },
  { title: 'EVENT', value: ({ event }) => event.id, shrinks: true, expendable: 4 },
  { title: 'TYPE', value: ({ event }) => event.type, shrinks: true, expendable: 3 },
  { title: 'STATUS', value: ({ status }) => status, color: ({ status }) => statusColor(status) },
  { title: 'AGE', value: ({ started_at }) => age(started_at), align: 'right' },
  { title: 'RETRY', value: ({ next_retry_at }) => until(next_retry_at), align: 'right', expendable: 1 },
];

/** Which executions are meant. */
export interface ExecutionFilters {
  rule?: string;
  domain?: string;
  destination?: string;
  status?: string;
  event?: string;
  type?: string;
  test?: boolean;
  from?: string;
  to?: string;
  endedFrom?: string;
  endedTo?: string;
}

export function oneStatus(): Option {
  return new Option('--status <status>', 'that stand like this').choices(STATUSES);
}

function severalStatuses(): Option {
  const read = (text: string) => {
    if (text.split(',').every((each) => STATUSES.includes(each))) return text;
    throw new InvalidArgumentError(`Must be one of ${STATUSES.join(', ')}, or several with commas.`);
  };
  return new Option('--status <status>', 'that stand like this; several with commas')
    .choices(STATUSES)
    .argParser(read);
}

/** Gives a command the options that say which executions are meant. */
export function withExecutionFilters(command: Command, status = severalStatuses()): Command {
  return command
    .option('--rule <rule>', 'of this rule')
    .option('--domain <domain>', 'about this domain')
    .option('--destination <destination>', 'whose call to this origin failed last or is held')
    .addOption(status)
    .option('--event <event>', 'that an event of this id started')
    .option('--type <type>', 'that this kind of trigger started, e.g. grade_drop or invoice.paid')
    .option('--test', 'only tests')
    .option('--no-test', 'no tests')
    .option('--from <time>', 'started then or later: a time, or how long ago, such as 2h', pastTime)
    .option('--to <time>', 'started before then', pastTime)
    .option('--ended-from <time>', 'ended then or later', pastTime)
    .option('--ended-to <time>', 'ended before then', pastTime);
}

/** The same as the API has it. */
export function filterQuery({ endedFrom, endedTo, ...filters }: ExecutionFilters): Query {
  const { rule, domain, destination, status, event, type, test, from, to } = filters;
  const ended = { ended_from: endedFrom, ended_to: endedTo };
  return { rule, domain, destination, status, event, type, test, from, to, ...ended };
}
