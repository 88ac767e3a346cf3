import type { ColumnTypes } from '../database';

export function callingProcesses({ text }: ColumnTypes): string[] {
  return [
    `create table calling_processes (id ${text} primary key, beat bigint not null, divides ${text})`,
    // Whoever writes this row has its turn.
    `insert into calling_processes (id, beat) values ('', 0)`,
  ];
}
