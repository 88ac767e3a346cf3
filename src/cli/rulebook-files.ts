import { BadInputError } from './errors';
import { nameOf } from './input';
import type { Locate } from './problem';

/** A file of rules and groups, parsed. */
export interface RulebookFile {
  file: string;
  source: unknown;
}

/** One document for the API, and where each of its parts comes from. */
export interface MergedRulebook {
  document: Record<string, unknown>;
  ruleIds: string[];
  locate: Locate;
}

type Part = Record<string, unknown>;

/** Where the parts of a list come from: this many of them from a file, at this path of it. */
interface Origin {
  list: string;
  from: number;
  to: number;
  file: string;
  path: (index: number) => string;
}

/** The lists of a document, in the form in which the API names them. */
const LISTS = ['rules', 'portfolios', 'scorecards.mine', 'scorecards.followed'] as const;
const KEYS = ['rules', 'portfolios', 'scorecards', 'issue_types'];

/**
 * Makes one document of several files, so that all of it is applied or nothing. A file is a document or one bare rule.
 * What the files hold is for the API to check; here only that they can be put together.
 *
 * @throws BadInputError
 */
export function mergeRulebooks(files: readonly RulebookFile[]): MergedRulebook {
  const lists = new Map<string, unknown[]>(LISTS.map((list) => [list, []]));
  const issueTypes: Part = {};
  const origins: Origin[] = [];
  const issueTypeFiles = new Map<string, string>();
  const problems: string[] = [];
  for (const { file, source } of files) {
    const problem = (path: string, message: string) =>
      void problems.push([nameOf(file), ...(path === '' ? [] : [path]), message].join(': '));
    const add = (list: string, values: unknown, path: (index: number) => string) => {
      if (values === undefined || values === null) return;
      if (!Array.isArray(values)) {
        problem(list, 'must be a list');
        return;
      }
      const all = lists.get(list) ?? [];
      origins.push({ list, from: all.length, to: all.length + values.length, file, path });
      all.push(...(values as unknown[]));
    };
    if (!isObject(source)) {
      problem('', 'must be a rule, or a document with "rules"');
    } else if (isBareRule(source)) {
      add('rules', [source], () => '');
    } else {
      for (const key of Object.keys(source)) if (!KEYS.includes(key)) problem(key, 'is not a known key');
      for (const [list, values] of Object.entries(listsIn(source, problem))) {
        add(list, values, (index) => `${list}[${index}]`);
      }
      for (const [type, severity] of Object.entries(objectIn(source, 'issue_types', problem))) {
        issueTypes[type] = severity;
        issueTypeFiles.set(type, file);
      }
    }
  }
  if (problems.length > 0) throw new BadInputError(problems.join('\n'));
  const list = (name: (typeof LISTS)[number]) => lists.get(name) ?? [];
  return {
    document: {
      rules: list('rules'),
      scorecards: { mine: list('scorecards.mine'), followed: list('scorecards.followed') },
      portfolios: list('portfolios'),
      issue_types: issueTypes,
    },
    ruleIds: list('rules').map((rule) => (isObject(rule) ? String(rule['id']) : '')),
    locate: (path) =>
      located(path, origins, issueTypeFiles) ??
      `${files.map(({ file }) => nameOf(file)).join(', ')}: ${path}`,
  };
}

function listsIn(source: Part, problem: (path: string, message: string) => void): Record<string, unknown> {
  const scorecards = objectIn(source, 'scorecards', problem);
  for (const key of Object.keys(scorecards)) {
    if (key !== 'mine' && key !== 'followed') problem(`scorecards.${key}`, 'is not a known key');
  }
  return {
    rules: source['rules'],
    portfolios: source['portfolios'],
    'scorecards.mine': scorecards['mine'],
    'scorecards.followed': scorecards['followed'],
  };
}

function objectIn(source: Part, key: string, problem: (path: string, message: string) => void): Part {
  const value = source[key] ?? {};
  if (isObject(value)) return value;
  problem(key, 'must be an object');
  return {};
}

function isObject(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBareRule(source: Part): boolean {
  return !('rules' in source) && ('steps' in source || 'id' in source);
}

function located(
  path: string,
  origins: readonly Origin[],
  issueTypeFiles: ReadonlyMap<string, string>,
): string | undefined {
  const [, list, digits = '', rest = ''] =
    /^(rules|portfolios|scorecards\.\w+)\[(\d+)\]\.?(.*)$/s.exec(path) ?? [];
  const index = Number(digits);
  const origin = origins.find((each) => each.list === list && index >= each.from && index < each.to);
  if (origin !== undefined) {
    const inFile = [origin.path(index - origin.from), rest].filter((part) => part !== '').join('.');
    return [nameOf(origin.file), ...(inFile === '' ? [] : [inFile])].join(': ').replace('].[', '][');
  }
  const [, type = ''] = /^issue_types\.([\w-]+)/.exec(path) ?? [];
  const file = issueTypeFiles.get(type);
  return file === undefined ? undefined : `${nameOf(file)}: ${path}`;
}
