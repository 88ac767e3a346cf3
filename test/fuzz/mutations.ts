import fc from 'fast-check';
import { isObject } from '../../src/rules/json-value';

/** Pieces that parsers trip over. */
const PIECES = [
  ...[
    '',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\0',
    '\ufeff',
    '\u2028',
    '\ud800',
    '\u00ad',
    'é',
    '💣',
    '\x1b[31m',
    '%00',
    '%',
  ],
  ...[
    '"',
    "'",
    '`',
    '\\',
    '/',
    '//',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '<',
    '>',
    ',',
    ';',
    ':',
    '|',
    '&',
    '*',
    '!',
    '#',
  ],
  ...['{{', '}}', '{%', '%}', '${', '&a', '*a', '<<:', '---', '...', '- ', '? ', '!!binary', '!!js/function'],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toJSON',
    'toString',
    'hasOwnProperty',
    '$eq',
    '$regex',
    '$ref',
  ],
  ...['null', 'true', 'NaN', '-0', '1e999', '0x7f', '9007199254740993', '1_000', '.inf', '0'.repeat(400)],
  ...[
    '@',
    '..',
    '://',
    'javascript:',
    'file:///etc/passwd',
    '(a+)+$',
    '(?=a)',
    '[[:alpha:]]',
    '\\1',
    '{1000}',
  ],
];

export const piece = fc.constantFrom(...PIECES);

/** Beyond all bounds of length, or just within them. */
const long = fc
  .tuple(piece, fc.constantFrom(10, 100, 256, 1_000, 5_000, 20_000))
  .map(([each, count]) => each.repeat(count));

/** Text of any kind. */
export const anyText = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 4, arbitrary: fc.string({ maxLength: 60 }) },
  { weight: 4, arbitrary: fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('')) },
  { weight: 1, arbitrary: long },
);

interface Edit {
  kind: 'delete' | 'insert' | 'replace' | 'repeat' | 'swap';
  /** Both in parts of the whole. */
  at: number;
  length: number;
  text: string;
  times: number;
}

const share = fc.double({ min: 0, max: 1, noNaN: true });
const edits = fc.array(
  fc.record<Edit>({
    kind: fc.constantFrom('delete', 'insert', 'replace', 'repeat', 'swap'),
    at: share,
    length: fc.constantFrom(0.001, 0.01, 0.1, 0.5),
    text: fc.oneof(piece, anyText),
    times: fc.constantFrom(2, 3, 50),
  }),
  { minLength: 1, maxLength: 6 },
);

/** A text that some parser accepts, with edits. */
export function edited(...samples: string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...samples), edits).map(([sample, all]) => all.reduce(withEdit, sample));
}

/** Characters that a text may grow to. */
const MAX_EDITED = 300_000;

function withEdit(text: string, { kind, at, length, text: piece, times }: Edit): string {
  const start = Math.floor(at * text.length);
  const end = Math.min(text.length, start + Math.max(1, Math.floor(length * text.length)));
  const [before, middle, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  switch (kind) {
    case 'delete':
      return before + after;
    case 'insert':
      return before + piece + middle + after;
    case 'replace':
      return before + piece + after;
    case 'repeat':
      return (before + middle.repeat(times) + after).slice(0, MAX_EDITED);
    case 'swap':
      return after + middle + before;
  }
}

/** JSON values of every kind, also those that have grown in one direction. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 3, arbitrary: anyText },
  { weight: 2, arbitrary: fc.constantFrom(null, true, -1, 0, 0.1, 1e300, 2 ** 53, '', [], {}) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(10, 100, 1_000), fc.boolean()).map(([depth, isList]) => {
      let value: unknown = 'deep';
      for (let each = 0; each < depth; each += 1) value = isList ? [value] : { a: value };
      return value;
    }),
  },
  {
    weight: 1,
    arbitrary: fc.dictionary(fc.oneof(piece, anyText), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 30 }),
  },
);

interface Change {
  kind: 'replace' | 'remove' | 'add' | 'rename' | 'double';
  /** Which of its parts, in parts of all. */
  at: number;
  value: unknown;
  name: string;
}

/** Names that have a meaning somewhere: one in the wrong place is more likely to be let through than any text. */
export function changes(names: readonly string[]): fc.Arbitrary<Change[]> {
  return fc.array(
    fc.record<Change>({
      kind: fc.constantFrom('replace', 'remove', 'add', 'rename', 'double'),
      at: share,
      value: anyJson,
      name: fc.oneof(fc.constantFrom('__proto__', ...names), anyText),
    }),
    { maxLength: 5 },
  );
}

/** A JSON value that some schema accepts, with changes somewhere in it. */
export function changedJson(samples: fc.Arbitrary<unknown>, names: readonly string[]): fc.Arbitrary<unknown> {
  return fc.tuple(samples, changes(names)).map(([sample, all]) => all.reduce(withChange, sample));
}

export function withChange(whole: unknown, { kind, at, value, name }: Change): unknown {
  const count = partsOf(whole);
  let left = Math.floor(at * count);
  const visit = (part: unknown): unknown => {
    left -= 1;
    if (left === -1) return changed(part, kind, value, name);
    if (Array.isArray(part)) return part.map(visit);
    if (!isObject(part)) return part;
    return fromEntries(Object.entries(part).map(([key, each]) => [key, visit(each)]));
  };
  return visit(whole);
}

function changed(part: unknown, kind: Change['kind'], value: unknown, name: string): unknown {
  const entries = isObject(part) ? Object.entries(part) : [];
  switch (kind) {
    case 'remove':
      return Array.isArray(part) ? part.slice(1) : isObject(part) ? fromEntries(entries.slice(1)) : null;
    case 'add':
      return Array.isArray(part) ? [...(part as unknown[]), value] : fromEntries([...entries, [name, value]]);
    case 'rename':
      return fromEntries(entries.map(([key, each], index) => [index === 0 ? name : key, each]));
    case 'double':
      return Array.isArray(part) ? [...(part as unknown[]), ...(part as unknown[])] : [part, part];
    case 'replace':
      return value;
  }
}

/** `__proto__` becomes a key of its own, as JSON.parse makes it. */
function fromEntries(entries: [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(entries);
}

function partsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, each) => sum + partsOf(each), 1);
}
