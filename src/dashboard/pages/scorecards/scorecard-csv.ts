import { MAX_SCORECARD_LENGTH } from '../../../shared/limits';
import { CsvProblem, readCsv, type CsvRecord } from './csv';

const COLUMNS = ['id', 'domain', 'mine', 'followed'];
const YES = ['true', 'yes', 'y', '1', 'x'];
const NO = ['false', 'no', 'n', '0'];

/** What a file says of a scorecard; what it does not say stays as it is. */
export interface ReadScorecard {
  id: string;
  domain?: string;
  mine?: boolean;
  followed?: boolean;
}

/** Something that is wrong in a file. */
export interface LineProblem {
  line: number;
  message: string;
}

export interface ScorecardRow {
  line: number;
  scorecard: ReadScorecard;
}

/**
 * Reads the scorecards of a CSV file, as the command line does: the first line names its columns, in any order; one without an
 * id has its domain as its id; an empty field leaves what is there as it is.
 */
export function readScorecardCsv(text: string): { rows: ScorecardRow[]; problems: LineProblem[] } {
  const records = recordsOf(text);
  if ('problem' in records) return { rows: [], problems: [records.problem] };
  const [header, ...lines] = records.records;
  if (header === undefined) return { rows: [], problems: [{ line: 1, message: 'the file is empty' }] };
  const columns = header.fields.map((title) => title.toLowerCase().replace(/^scorecard[ _-]?id$/, 'id'));
  const wrong = problemsOfHeader(columns);
  if (wrong.length > 0) {
    return { rows: [], problems: wrong.map((message) => ({ line: header.line, message })) };
  }
  const problems: LineProblem[] = [];
  const seen = new Map<string, number>();
  const rows = lines.flatMap((record): ScorecardRow[] => {
    const found = scorecardOf(columns, record);
    if ('message' in found) {
      problems.push({ line: record.line, message: found.message });
      return [];
    }
    const key = found.id.toLowerCase();
    const earlier = seen.get(key);
    if (earlier !== undefined)
      problems.push({ line: record.line, message: `"${found.id}" is in line ${earlier} already` });
    else seen.set(key, record.line);
    return [{ line: record.line, scorecard: found }];
  });
  if (lines.length === 0)
    problems.push({ line: header.line, message: 'there is no scorecard below the header' });
  return { rows, problems };
}

/** What the service refused, by the line of the file. Its paths count from 0: `scorecards[3].domain`. */
export function problemsByLine(
  errors: readonly { path: string; message: string }[],
  rows: readonly ScorecardRow[],
): LineProblem[] {
  return errors.flatMap(({ path, message }) => {
    const [, index, field] = /^scorecards\[(\d+)\](?:\.(.+))?$/.exec(path) ?? [];
    const row = index === undefined ? undefined : rows[Number(index)];
    if (row === undefined) return [];
    return [{ line: row.line, message: field === undefined ? message : `${field}: ${message}` }];
  });
}

function recordsOf(text: string): { records: CsvRecord[] } | { problem: LineProblem } {
  try {
    return { records: readCsv(text) };
  } catch (error) {
    if (!(error instanceof CsvProblem)) throw error;
    return { problem: { line: error.line, message: error.message } };
  }
}

function problemsOfHeader(columns: readonly string[]): string[] {
  return [
    ...columns
      .filter((column) => !COLUMNS.includes(column))
      .map((column) => `"${column}" is no known column; known are ${COLUMNS.join(', ')}`),
    ...columns
      .filter((column, index) => columns.indexOf(column) !== index)
      .map((column) => `the column "${column}" is there twice`),
    ...(columns.includes('id') || columns.includes('domain')
      ? []
      : ['there must be a column "id" or "domain"']),
  ];
}

function scorecardOf(columns: readonly string[], { fields }: CsvRecord): ReadScorecard | { message: string } {
  if (fields.length !== columns.length) {
    return { message: `has ${fields.length} fields, and the header ${columns.length}` };
  }
  const given = Object.fromEntries(columns.map((column, index) => [column, fields[index] ?? '']));
  const { domain = '', mine = '', followed = '' } = given;
  const id = (given['id'] ?? '') === '' ? domain : (given['id'] ?? '');
  if (id === '') return { message: 'has no id and no domain' };
  if (Math.max(id.length, domain.length) > MAX_SCORECARD_LENGTH) {
    return { message: `an id or domain has more than ${MAX_SCORECARD_LENGTH} characters` };
  }
  const [isMine, isFollowed] = [answerOf(mine), answerOf(followed)];
  if (isMine === null) return { message: `mine: "${mine}" is neither yes nor no` };
  if (isFollowed === null) return { message: `followed: "${followed}" is neither yes nor no` };
  return {
    id,
    ...(domain !== '' && { domain: domain.toLowerCase() }),
    ...(isMine !== undefined && { mine: isMine }),
    ...(isFollowed !== undefined && { followed: isFollowed }),
  };
}

/** Undefined: nothing is said. Null: neither yes nor no. */
function answerOf(text: string): boolean | undefined | null {
  if (text === '') return undefined;
  const word = text.toLowerCase();
  return YES.includes(word) ? true : NO.includes(word) ? false : null;
}
