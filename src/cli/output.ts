import pc from 'picocolors';
import { tableLines, type Colors, type Column } from './table';
import { cleanJson } from './text';

/** A stream that may be a terminal. */
export interface Sink {
  write(text: string): unknown;
  isTTY?: boolean;
  /** Of the terminal. */
  columns?: number;
}

/** Where a command says what it has to say: results to standard output, remarks to standard error. */
export class Output {
  readonly colors: Colors;
  /** Results are for programs: JSON, and nothing else. */
  json = false;

  constructor(
    private readonly stdout: Sink,
    private readonly stderr: Sink,
    colors: boolean,
  ) {
    this.colors = pc.createColors(colors && stdout.isTTY === true);
  }

  /** Of the terminal, in columns; undefined: there is none. */
  get width(): number | undefined {
    return this.stdout.isTTY ? (this.stdout.columns ?? 80) : undefined;
  }

  get isTerminal(): boolean {
    return this.stdout.isTTY === true;
  }

  print(line: string): void {
    this.stdout.write(`${line}\n`);
  }

  /** A remark that is no result. */
  note(line: string): void {
    this.stderr.write(`${line}\n`);
  }

  /** A remark among results; beside them when they are for programs. */
  tell(line: string): void {
    if (this.json) this.note(line);
    else this.print(line);
  }

  /** One whole document. */
  document(value: unknown): void {
    this.print(cleanJson(JSON.stringify(value, undefined, 2)));
  }

  /** One line of a stream of documents (NDJSON). */
  item(value: unknown): void {
    this.print(cleanJson(JSON.stringify(value)));
  }

  table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
    for (const line of tableLines(columns, rows, this)) this.print(line);
  }
}
