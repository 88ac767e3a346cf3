import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { problemLine, problemsOf } from '../rules/problems';
import { lineOfText } from '../rules/text';
import { MAX_SCORECARD_LENGTH } from '../shared/limits';
import { BadInputError } from './errors';

/** Problems that are spelt out. */
const MAX_LINES = 50;

const text = lineOfText(MAX_SCORECARD_LENGTH);
const scorecardSchema = z.strictObject({
  id: text,
  domain: text.toLowerCase().nullable().optional(),
  mine: z.boolean().optional(),
  followed: z.boolean().optional(),
});

export type ImportedScorecard = z.output<typeof scorecardSchema>;

/** A scorecard of a file, and where it stands there. */
export interface ScorecardRow {
  /** `line 3` of a CSV file, `[2]` of a JSON one. */
  at: string;
  scorecard: ImportedScorecard;
}

/** What was read of an entry, before it is checked. */
interface Entry {
  at: string;
  value: unknown;
}

/**
 * Reads scorecards to import: JSON (a list of objects, or of ids, or `{scorecards: […]}`), or CSV whose first line names its
 * columns: `id`, `domain`, `mine`, `followed`, in any order. One without an `id` has its domain as its id.
 *
 * @param file how it is called in messages; a name that ends in `.csv` or `.json` says what it is
 * @throws BadInputError with a line for each problem
 */
export function readScorecards(file: string, content: string): ScorecardRow[] {
  const isJson = /\.json$/i.test(file) || (!/\.csv$/i.test(file) && /^\s*[[{]/.test(content));
  const entries = isJson ? jsonEntries(file, content) : csvEntries(file, content);
  if (entries.length === 0) throw new BadInputError(`${file}: has no scorecard`);
  const problems: string[] = [];
  const seen = new Map<string, string>();
  const rows = entries.flatMap(({ at, value }): ScorecardRow[] => {
    const parsed = scorecardSchema.safeParse(withId(value));
    if (!parsed.success) {
      problems.push(...problemsOf(parsed.error).map((problem) => `${file}: ${at}: ${problemLine(problem)}`));
      return [];
    }
    const key = parsed.data.id.toLowerCase();
    const earlier = seen.get(key);
    if (earlier !== undefined)
      problems.push(`${file}: ${at}: id: "${parsed.data.id}" is in ${earlier} already`);
    seen.set(key, at);
    return [{ at, scorecard: parsed.data }];
  });
  if (problems.length > MAX_LINES)
    problems.splice(MAX_LINES, Infinity, `and ${problems.length - MAX_LINES} more`);
  if (problems.length > 0) throw new BadInputError(problems.join('\n'));
  return rows;
}

function withId(value: unknown): unknown {
  if (typeof value === 'string') return { id: value };
  if (typeof value !== 'object' || value === null || 'id' in value || !('domain' in value)) return value;
  return { id: value.domain, ...value };
}

function jsonEntries(file: string, content: string): Entry[] {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    throw new BadInputError(`${file}: ${(error as Error).message}`);
  }
  const [list, path]: [unknown, string] =
    typeof json === 'object' && json !== null && 'scorecards' in json
      ? [json.scorecards, 'scorecards']
      : [json, ''];
  if (!Array.isArray(list)) throw new BadInputError(`${file}: must be a list of scorecards`);
  return list.map((value: unknown, index) => ({ at: `${path}[${index}]`, value }));
}

const COLUMNS = ['id', 'domain', 'mine', 'followed'];
const YES = ['true', 'yes', 'y', '1', 'x'];
const NO = ['false', 'no', 'n', '0'];

function csvEntries(file: string, content: string): Entry[] {
  const [header, ...records] = csvRecords(file, content);
  if (header === undefined) throw new BadInputError(`${file}: is empty`);
  const columns = header.record.map((title) =>
    title
      .trim()
      .toLowerCase()
      .replace(/^scorecard[ _-]?id$/, 'id'),
  );
  const problems = [
    ...columns
      .filter((column) => !COLUMNS.includes(column))
      .map((column) => `"${column}" is not a known column; known are ${COLUMNS.join(', ')}`),
    ...columns
      .filter((column, index) => columns.indexOf(column) !== index)
      .map((column) => `the column "${column}" is there twice`),
    ...(columns.includes('id') || columns.includes('domain')
      ? []
      : ['there must be a column "id" or "domain"']),
    ...records
      .filter(({ record }) => record.length !== columns.length)
      .map(
        ({ record, line }) => `line ${line}: has ${record.length} fields, and the header ${columns.length}`,
      ),
  ];
  if (problems.length > 0) {
    throw new BadInputError(problems.map((problem) => `${file}: ${problem}`).join('\n'));
  }
  return records.map(({ record, line }) => ({
    at: `line ${line}`,
    value: Object.fromEntries(columns.flatMap((column, index) => fieldOf(column, record[index] ?? ''))),
  }));
}

/** An empty field is one that is absent, and leaves what is there as it is. */
function fieldOf(column: string, field: string): [string, string | boolean][] {
  if (field === '') return [];
  if (column !== 'mine' && column !== 'followed') return [[column, field]];
  const word = field.toLowerCase();
  // Anything else goes on as text, which the schema refuses.
  return [[column, YES.includes(word) ? true : NO.includes(word) ? false : field]];
}

function csvRecords(file: string, content: string): { record: string[]; line: number }[] {
  const [firstLine = ''] = content.split(/[\r\n]/, 1);
  try {
    // The types of the package do not know what `info` makes of its records.
    const parsed: unknown = parse(content, {
      // Spreadsheets of some countries write semicolons.
      delimiter: firstLine.includes(';') && !firstLine.includes(',') ? ';' : ',',
      info: true,
      relaxColumnCount: true,
      skipEmptyLines: true,
      trim: true,
    });
    return (parsed as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      record,
      line: info.lines,
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new BadInputError(`${file}: ${error.message.replace(/ at line (\d+)/, ' in line $1')}`);
  }
}
