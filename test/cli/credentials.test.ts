import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { sampleCredential, sampleEgressProxy } from '../support/api-samples';
import { runCli, type CliOptions, type CliResult } from '../support/cli';
import { answer, page, problem, ScriptedApi } from '../support/scripted-api';
import { temporaryFolder } from '../support/temporary-folder';

let api: ScriptedApi;
let folder: string;
beforeAll(async () => {
  api = await ScriptedApi.start();
});
beforeEach(() => {
  api.reset();
  folder = temporaryFolder();
});
afterAll(() => api.close());

function run(args: string[], options: CliOptions = {}): Promise<CliResult> {
  return runCli(args, api.environment, { cwd: folder, ...options });
}

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

describe('credentials list', () => {
  beforeEach(() => {
    api.on('GET /v1/credentials', page(sampleCredential));
  });

  it('prints a table', async () => {
    const { stdout } = await run(['credentials', 'list']);
    expect(stdout).toMatch(/\ncrm +basic +The CRM +https:\/\/hooks\.example\.com +\d+d\n$/);
  });

  it('with --json prints what the API answers', async () => {
    const { stdout } = await run(['credentials', 'list', '--json']);
    expect(JSON.parse(stdout)).toEqual(page(sampleCredential));
  });
});

describe('credentials show', () => {
  beforeEach(() => {
    api.on('GET /v1/credentials/crm', sampleCredential);
  });

  it('prints YAML that can be set again, and names the secrets that it has', async () => {
    const { stdout } = await run(['credentials', 'show', 'crm']);
    expect(stdout).toContain('# it has: password (kept while left out)\n');
    const { id, kind, name, origins, username } = sampleCredential;
    expect(parse(stdout)).toEqual({ id, kind, name, origins, username });
  });

  it('with --json prints what the API answers', async () => {
    expect(JSON.parse((await run(['credentials', 'show', 'crm', '--json'])).stdout)).toEqual(
      sampleCredential,
    );
  });
});

describe('credentials set', () => {
  const yaml =
    'id: crm\nkind: basic\norigins: [https://hooks.example.com]\nusername: ada\npassword: "hunter2!"\n';

  it.each([
    [201, 'created'],
    [200, 'replaced'],
  ])('sends what the file holds; answered with %d it says "%s"', async (status, word) => {
    api.on('PUT /v1/credentials/crm', answer(status, sampleCredential));
    const result = await run(['credentials', 'set', file('c.yaml', yaml)]);
    expect(api.bodies('PUT /v1/credentials/crm')).toEqual([parse(yaml)]);
    expect(result).toEqual({ code: 0, stdout: `crm ${word} (version 3)\n`, stderr: '' });
  });

  it('takes the standard input, and with --json prints what the API answers', async () => {
    api.on('PUT /v1/credentials/crm', answer(201, sampleCredential));
    const { stdout } = await run(['credentials', 'set', '-', '--json'], { stdin: yaml });
    expect(JSON.parse(stdout)).toEqual(sampleCredential);
  });

  it('names the file and the path of a problem', async () => {
    api.on('PUT /v1/credentials/crm', problem(422, 'x', [{ path: 'origins[0]', message: 'is private' }]));
    expect(await run(['credentials', 'set', file('c.yaml', yaml)])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'c.yaml: origins[0]: is private\n',
    });
  });

  it('refuses a file without an id', async () => {
    const result = await run(['credentials', 'set', file('c.yaml', 'kind: basic')]);
    expect(result).toEqual({
      code: 2,
      stdout: '',
      stderr: 'c.yaml: id: must be the id of a credential\n',
    });
  });

  it.each([
    ['id: crm\npassword: *hunter2\n', 'look for an alias, "*", without an anchor'],
    ['id: crm\npassword: "hunter2\n', 'see line 3, column 1'],
    ['id: crm\npassword: !hunter2 : : x\n', 'see line 2, column 20'],
  ])('says where %j is no YAML, without quoting it', async (text, where) => {
    expect(await run(['credentials', 'set', file('c.yaml', text)])).toEqual({
      code: 2,
      stdout: '',
      stderr: `c.yaml: is no YAML: ${where}\n`,
    });
  });
});

describe('credentials delete', () => {
  it('deletes', async () => {
    api.on('DELETE /v1/credentials/crm', answer(204));
    expect(await run(['credentials', 'delete', 'crm'])).toEqual({
      code: 0,
      stdout: 'Deleted crm\n',
      stderr: '',
    });
  });

  it('ends with 6 when it is in use', async () => {
    api.on('DELETE /v1/credentials/crm', problem(409, 'The rule open-ticket names it.'));
    expect((await run(['credentials', 'delete', 'crm'])).code).toBe(6);
  });
});

describe('egress-proxy', () => {
  it('show prints YAML', async () => {
    api.on('GET /v1/egress-proxy', sampleEgressProxy);
    const { url, username, has_password, no_proxy } = sampleEgressProxy;
    const { stdout } = await run(['egress-proxy', 'show']);
    expect(parse(stdout)).toEqual({ url, username, has_password, no_proxy });
  });

  it('show ends with 4 when there is none', async () => {
    api.on('GET /v1/egress-proxy', problem(404, 'There is no such egress proxy.'));
    expect((await run(['egress-proxy', 'show'])).code).toBe(4);
  });

  it('set sends what its options say, the password from a file', async () => {
    api.on('PUT /v1/egress-proxy', answer(200, sampleEgressProxy));
    const direct = ['--direct', 'a.example.com', '--direct', 'b.example.com'];
    const result = await run(
      [
        'egress-proxy',
        'set',
        sampleEgressProxy.url,
        '--username',
        'ada',
        '--password-file',
        file('p', 'hunter2 \n'),
      ].concat(direct),
    );
    expect(api.bodies('PUT /v1/egress-proxy')).toEqual([
      {
        url: sampleEgressProxy.url,
        username: 'ada',
        password: 'hunter2 ',
        no_proxy: ['a.example.com', 'b.example.com'],
      },
    ]);
    expect(result).toEqual({
      code: 0,
      stdout: 'Calls go by http://proxy.example.com:3128 (version 3)\n',
      stderr: '',
    });
  });

  it('clear deletes it', async () => {
    api.on('DELETE /v1/egress-proxy', answer(204));
    expect(await run(['egress-proxy', 'clear'])).toEqual({
      code: 0,
      stdout: 'Calls go the way that the installation has set\n',
      stderr: '',
    });
  });
});

describe('keys rotate', () => {
  const rotated = { key: 'k2', resealed: 12, retired: ['k1'] };

  it('says what was done, and which keys are no longer needed', async () => {
    api.on('POST /v1/encryption/rotate', rotated);
    expect(await run(['keys', 'rotate'])).toEqual({
      code: 0,
      stdout: 'Encrypted 12 secrets anew. The key is k2\nNo longer needed: k1\n',
      stderr: '',
    });
  });

  it('with --json prints what the API answers', async () => {
    api.on('POST /v1/encryption/rotate', rotated);
    expect(JSON.parse((await run(['keys', 'rotate', '--json'])).stdout)).toEqual(rotated);
  });

  it('ends with 5 for a key that may not', async () => {
    api.on('POST /v1/encryption/rotate', problem(403, 'Only keys of the workspace default may do this.'));
    expect((await run(['keys', 'rotate'])).code).toBe(5);
  });
});
