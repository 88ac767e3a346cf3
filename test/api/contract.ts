import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { OpenAPIV3_1 } from 'openapi-types';
import type { Answered } from '../support/api-caller';

export const METHODS = ['get', 'put', 'post', 'delete'] as const;

/** An API key, and what alone answers with one: with a new one, once. */
const KEY = /rwk_[a-z2-7]{12}_[A-Za-z0-9_-]{43}/;
const SHOWS_A_KEY = ['POST /v1/api-keys', 'POST /v1/workspaces'];

/** A signing secret, and what alone answers with one: with a new one, once. */
const SIGNING_SECRET = /whs(ec|k)_[A-Za-z0-9+/]{30}/;
const SHOWS_A_SIGNING_SECRET = /^(POST \/v1\/destinations\/[^/]+\/signing-keys|PUT \/v1\/channels\/[^/]+)$/;

/** An operation of the document, with what the document says of who may use it. */
export interface Operation {
  id: string;
  method: string;
  /** With `{id}` and the like. */
  path: string;
  /** Undefined: no key is needed. */
  roles: string[] | undefined;
  defaultWorkspaceOnly: boolean;
  hasBody: boolean;
}

type Described = OpenAPIV3_1.OperationObject & {
  'x-roles'?: string[];
  'x-default-workspace-only'?: boolean;
};

/** What the API says of itself at /openapi.json, and whether it does as it says. */
export class Contract {
  private readonly ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));

  private constructor(readonly document: OpenAPIV3_1.Document) {
    this.ajv.addSchema(document, 'openapi');
  }

  static async of(url: string): Promise<Contract> {
    const response = await fetch(`${url}/openapi.json`);
    return new Contract((await response.json()) as OpenAPIV3_1.Document);
  }

  operations(): Operation[] {
    return Object.entries(this.document.paths ?? {}).flatMap(([path, item]) =>
      METHODS.flatMap((method) => {
        const operation = item?.[method] as Described | undefined;
        if (operation === undefined) return [];
        return {
          id: operation.operationId ?? '',
          method: method.toUpperCase(),
          path,
          roles: operation['x-roles'],
          defaultWorkspaceOnly: operation['x-default-workspace-only'] === true,
          hasBody: operation.requestBody !== undefined,
        };
      }),
    );
  }

  /** @throws Error when an answer is none that the document has or shows a secret, or a request that was carried out is none that it takes */
  check(method: string, target: string, body: unknown, answer: Answered<unknown>): void {
    const [address = ''] = target.split('?');
    const path = this.pathOf(address);
    if (!SHOWS_A_KEY.includes(`${method} ${address}`) && KEY.test(JSON.stringify(answer.body))) {
      throw new Error(`${method} ${address} answered with a key`);
    }
    if (
      !SHOWS_A_SIGNING_SECRET.test(`${method} ${address}`) &&
      SIGNING_SECRET.test(JSON.stringify(answer.body))
    ) {
      throw new Error(`${method} ${address} answered with a signing secret`);
    }
    if (path === undefined) return;
    const operation = this.document.paths?.[path]?.[method.toLowerCase() as 'get'];
    if (operation === undefined) return;
    const where = `${method} ${path} answered ${answer.status}`;
    const response = operation.responses[answer.status];
    if (response === undefined) throw new Error(`${where}, which is not documented`);
    if (!answer.headers.has('x-request-id')) throw new Error(`${where} without a request id`);
    const { content = {} } = response as OpenAPIV3_1.ResponseObject;
    const [type] = Object.keys(content);
    const at = ['paths', path, method.toLowerCase(), 'responses', String(answer.status), 'content'];
    if (type !== undefined) {
      if (answer.headers.get('content-type')?.startsWith(type) !== true) {
        throw new Error(`${where} as ${String(answer.headers.get('content-type'))}, not ${type}`);
      }
      // Lines of JSON: of one line alone, clients make a value.
      if (type !== 'application/x-ndjson') this.validate(where, [...at, type, 'schema'], answer.body);
    }
    if (answer.status < 300 && body !== undefined && typeof body !== 'string') {
      const request = ['paths', path, method.toLowerCase(), 'requestBody', 'content', 'application/json'];
      if (operation.requestBody) this.validate(`${where} to a body that`, [...request, 'schema'], body);
    }
  }

  private validate(where: string, pointer: string[], value: unknown): void {
    const escaped = pointer.map((part) => encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1')));
    const validate = this.ajv.getSchema(`openapi#/${escaped.join('/')}`);
    if (validate === undefined) throw new Error(`${where}: no schema at ${pointer.join('/')}`);
    if (validate(value) === true) return;
    throw new Error(`${where} is not as documented: ${this.ajv.errorsText(validate.errors)}`);
  }

  private pathOf(address: string): string | undefined {
    const fits = (path: string) =>
      new RegExp(`^${path.replace(/\./g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`).test(address);
    const fitting = Object.keys(this.document.paths ?? {}).filter(fits);
    // Of several, the one with the fewest parameters, as routers have it.
    return fitting.sort((a, b) => a.split('{').length - b.split('{').length)[0];
  }
}
