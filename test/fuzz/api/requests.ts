import fc from 'fast-check';
import type { OpenAPIV3_1 } from 'openapi-types';
import type { Operation } from '../../api/contract';
import { sampleEvent } from '../../support/events';
import { operationBodies } from '../../support/operation-bodies';
import { ruleDocument } from '../../support/rules-file';
import { anyJson, anyText, changedJson, edited } from '../mutations';
import { keysIn } from '../parsers/documents';
import { SchemaValues, type Schema } from './schema-values';

/** A request, as `fetch` has it. */
export interface FuzzRequest {
  operation: Operation;
  /** With the query. */
  target: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** The role of the key that it has; `none`, or one that is no key. */
  role: string;
}

/** What things are called in the workspace: so that requests meet what is there. */
const NAMES = [
  ...[
    'watch',
    'ada',
    'sc-1',
    'vendors',
    'invoice.paid',
    'crm',
    'ops',
    'evt_2026_0001',
    'nothing',
    'default',
    'ours',
    '0',
  ],
  ...[
    encodeURIComponent('http://127.0.0.1:9'),
    '3f74765e-1406-5f83-84df-ee220b385826',
    '..',
    '%2e%2e%2f',
    '%00',
    '%',
    '%ff',
  ],
];

/** Characters. What no longer fits into the head of a request (16 KB) is refused before it is looked at. */
const MAX_NAME = 1_000;

const bodies = operationBodies(ruleDocument({ urls: ['http://127.0.0.1:9/a'] }), sampleEvent());

const oddHeaders: Record<string, string>[] = [
  ...new Array<Record<string, string>>(8).fill({}),
  ...['*', '"1"', 'W/"1"', '"1", "2"', '"', '', '"\xff"', `"${'9'.repeat(300)}"`].map((value) => ({
    'if-match': value,
  })),
  ...['k', '', 'k'.repeat(500), 'ké'].map((value) => ({ 'idempotency-key': value })),
  ...[
    'text/plain',
    'application/yaml',
    'application/json; charset=utf-16',
    'multipart/form-data',
    '/',
    'application/x-ndjson',
  ].map((value) => ({ 'content-type': value })),
  ...['text/html', 'application/yaml', 'text/event-stream', 'application/x-ndjson', '*/*;q=0'].map(
    (accept) => ({ accept }),
  ),
  ...[
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { cookie: 'session=../..; __Host-session=a' },
  ],
  ...[{ 'x-request-id': 'a'.repeat(1_000) }, { 'x-forwarded-for': '1.1.1.1' }, { 'last-event-id': '9e99' }],
];

type Described = Omit<OpenAPIV3_1.OperationObject, 'parameters'> & {
  parameters?: { name: string; in: string; schema: Schema }[];
};

/** Requests to each operation of the document. @param roles those that there are keys of */
export function requestsOf(
  document: OpenAPIV3_1.Document,
  operations: readonly Operation[],
  roles: readonly string[],
): fc.Arbitrary<FuzzRequest> {
  const values = new SchemaValues((document.components?.schemas ?? {}) as Record<string, Schema>);
  return fc.oneof(...operations.map((operation) => requestOf(document, operation, values, roles)));
}

function requestOf(
  document: OpenAPIV3_1.Document,
  operation: Operation,
  values: SchemaValues,
  roles: readonly string[],
): fc.Arbitrary<FuzzRequest> {
  const described = document.paths?.[operation.path]?.[operation.method.toLowerCase() as 'get'] as Described;
  const { parameters = [] } = described;
  return fc
    .record({
      path: pathOf(operation.path),
      query: queryOf(parameters, values),
      headers: fc.constantFrom(...oddHeaders),
      body: operation.hasBody
        ? bodyOf(operation, described, values)
        : fc.constantFrom(undefined, undefined, '{}', 'x'),
      role: fc.oneof(
        { weight: 12, arbitrary: fc.constant('admin') },
        { weight: 6, arbitrary: fc.constantFrom(...roles) },
        { weight: 1, arbitrary: fc.constantFrom('none', 'wrong') },
      ),
    })
    .map(({ path, query, headers, body, role }) => ({
      operation,
      target: path + query,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...withinLatin1(headers),
      },
      body: operation.method === 'GET' ? undefined : body,
      role,
    }));
}

function pathOf(path: string): fc.Arbitrary<string> {
  const parts = path.split(/\{[^}]+\}/);
  const name = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...NAMES) },
    {
      weight: 1,
      arbitrary: anyText.map((text) =>
        encodeURIComponent(text.slice(0, MAX_NAME).replaceAll(/\p{Cs}/gu, '?')),
      ),
    },
  );
  return fc
    .array(name, { minLength: parts.length - 1, maxLength: parts.length - 1 })
    .map((names) => parts.map((part, index) => part + (names[index] ?? '')).join(''));
}

function queryOf(
  parameters: NonNullable<Described['parameters']>,
  values: SchemaValues,
): fc.Arbitrary<string> {
  const known = parameters
    .filter((each) => each.in === 'query')
    .map(({ name, schema }) =>
      fc
        .oneof({ weight: 4, arbitrary: values.of(schema) }, { weight: 1, arbitrary: anyText })
        .map((value) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
    );
  const unknown = fc.tuple(fc.constantFrom('a', '__proto__', 'a[]', 'a[b]', 'limit', 'cursor'), anyText);
  return fc
    .tuple(
      fc.subarray(known).chain((some) => fc.tuple(...some)),
      fc.array(unknown, { maxLength: 1 }),
      fc.integer({ max: 9, min: 0 }),
    )
    .map(([some, odd, chance]) =>
      new URLSearchParams([...some, ...(chance === 0 ? odd : [])] as [string, string][]).toString(),
    )
    .map((query) => (query === '' ? '' : `?${query.slice(0, 4 * MAX_NAME)}`));
}

function bodyOf(
  operation: Operation,
  described: Described,
  values: SchemaValues,
): fc.Arbitrary<string | undefined> {
  const body = described.requestBody as OpenAPIV3_1.RequestBodyObject;
  const schema = (body.content['application/json']?.schema ?? {}) as Schema;
  const sample = bodies[operation.id] ?? {};
  const text = JSON.stringify(sample);
  return fc.oneof(
    {
      weight: 5,
      arbitrary: changedJson(fc.constant(sample), keysIn(sample)).map((value) => JSON.stringify(value)),
    },
    { weight: 4, arbitrary: values.of(schema).map((value) => JSON.stringify(value)) },
    {
      weight: 2,
      arbitrary: changedJson(values.of(schema), keysIn(schema)).map((value) => JSON.stringify(value)),
    },
    { weight: 1, arbitrary: anyJson.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: edited(text) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        undefined,
        '',
        'null',
        '[]',
        '"',
        `{"a":${'['.repeat(20_000)}`,
        `"${'x'.repeat(400_000)}"`,
      ),
    },
  );
}

/** What HTTP lets a header have. */
function withinLatin1(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replace(/[^\t\x20-\xff]/g, '')]),
  );
}
