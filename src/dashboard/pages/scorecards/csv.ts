/** A record of a CSV text. */
export interface CsvRecord {
  /** On which it begins, from 1. */
  line: number;
  fields: string[];
}

/**
 * Reads CSV as RFC 4180 has it, and as spreadsheets write it: with commas, or with semicolons where the first line has no
 * comma. Spaces around a field that is not quoted do not count, and empty lines are no records.
 *
 * @throws CsvProblem at a quote that nothing ends
 */
export function readCsv(text: string): CsvRecord[] {
  const [firstLine = ''] = text.split(/[\r\n]/, 1);
  const delimiter = firstLine.includes(';') && !firstLine.includes(',') ? ';' : ',';
  const records: CsvRecord[] = [];
  let [at, line] = [text.startsWith('\ufeff') ? 1 : 0, 1];
  while (at < text.length) {
    const record: CsvRecord = { line, fields: [] };
    for (;;) {
      const field = readField(text, at, delimiter, line);
      record.fields.push(field.value);
      line += field.lines;
      at = field.end;
      if (text[at] !== delimiter) break;
      at++;
    }
    if (text.startsWith('\r\n', at)) at++;
    at++;
    line++;
    if (record.fields.length > 1 || record.fields[0] !== '') records.push(record);
  }
  return records;
}

/** Why a text is no CSV. */
export class CsvProblem extends Error {
  override readonly name = 'CsvProblem';

  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

/** @returns the field, where what ends it stands, and how many line ends are in it */
function readField(
  text: string,
  start: number,
  delimiter: string,
  line: number,
): { value: string; end: number; lines: number } {
  const quoted = /[^\S\r\n]*"((?:[^"]|"")*)"[^\S\r\n]*/y;
  quoted.lastIndex = start;
  const match = quoted.exec(text);
  if (match !== null) {
    const value = match[1] ?? '';
    return {
      value: value.replaceAll('""', '"'),
      end: quoted.lastIndex,
      lines: value.split(/\r\n|\r|\n/).length - 1,
    };
  }
  if (/^[^\S\r\n]*"/.test(text.slice(start, start + 100)))
    throw new CsvProblem(line, 'a quote is not closed');
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++;
  return { value: text.slice(start, end).trim(), end, lines: 0 };
}
