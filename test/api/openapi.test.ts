import type { OpenAPIV3_1 } from 'openapi-types';
import { completeOperation } from '../../src/api/operations';
import { METHODS } from './contract';
import { ApiLab } from './lab';

let lab: ApiLab;
beforeAll(async () => {
  lab = await ApiLab.open();
});
afterAll(() => lab.close());

function operations(): OpenAPIV3_1.OperationObject[] {
  return Object.values(lab.contract.document.paths ?? {}).flatMap((path) =>
    METHODS.flatMap((method) => path?.[method] ?? []),
  );
}

async function get(path: string): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await fetch(lab.api.url + path);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('the OpenAPI document', () => {
  it('is of version 3.1 and names how a key is sent', () => {
    expect(lab.contract.document).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\./) as string,
      components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
    });
  });

  it('names each operation once, with what it does, its group and the key that it needs', () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const operation of operations()) {
      expect(operation).toMatchObject({
        operationId: expect.stringMatching(/^[a-z][A-Za-z]+$/) as string,
        summary: expect.any(String) as string,
        tags: [expect.any(String) as string],
        security: expect.any(Array) as [],
      });
    }
  });

  it('says of each operation that needs a key how it fails', () => {
    for (const { security = [], responses, operationId } of operations()) {
      const statuses = security.length === 0 ? ['422'] : ['401', '403', '422', '429', '503'];
      expect([operationId, Object.keys(responses ?? {})]).toEqual([
        operationId,
        expect.arrayContaining(statuses) as string[],
      ]);
    }
  });

  it('refers to nothing that is not there, and has nothing that nobody refers to', () => {
    const text = JSON.stringify(lab.contract.document);
    const referred = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);
    const there = Object.keys(lab.contract.document.components?.schemas ?? {});
    expect([...new Set(referred)].sort()).toEqual(there.map((name) => `#/components/schemas/${name}`).sort());
  });

  it('has patterns that other languages understand', () => {
    expect(JSON.stringify(lab.contract.document)).not.toContain('\\\\p{');
  });
});

describe('the page at /docs', () => {
  it('shows the document, with files of our own only', async () => {
    const page = await get('/docs');
    expect(page).toMatchObject({ status: 200 });
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const linked = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
    expect(linked.length).toBeGreaterThan(3);
    for (const link of linked) {
      expect(link).not.toMatch(/^(https?:)?\/\//);
      expect((await get(`/${link}`)).status).toBe(200);
    }
  });

  it('begins with the document', async () => {
    const { text } = await get('/docs/start.js');
    expect(text).toContain("url: 'openapi.json'");
  });
});

describe('a route', () => {
  it('that does not say who may use it keeps the API from starting', () => {
    expect(() => {
      completeOperation({ method: 'GET', url: '/v1/new', handler: () => undefined });
    }).toThrow('GET /v1/new: the route does not say who may use it');
  });
});
