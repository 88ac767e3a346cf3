import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SETTING_NAMES } from '../../src/config';
import { DYNAMIC_CONFIG_ARGUMENTS } from '../../src/temporal/dev-server';
import { temporaryFolder } from '../support/temporary-folder';

const ROOT = join(__dirname, '../..');
const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
const example = readFileSync(join(ROOT, '.env.example'), 'utf8');

interface ComposeService {
  image: string;
  build?: string;
  environment?: Record<string, string>;
  healthcheck?: object;
  volumes?: string[];
  ports?: string[];
  cap_drop?: string[];
  read_only?: boolean;
  security_opt?: string[];
}

const { services, volumes: named } = parse(text, { merge: true }) as {
  services: Record<string, ComposeService>;
  volumes: Record<string, null>;
};
const each = Object.entries(services);

/** Names of the services that something holds of. */
function those(holds: (service: ComposeService) => boolean): string[] {
  return each.filter(([, service]) => holds(service)).map(([name]) => name);
}

/** The variables that an .env file sets, by name. */
function variablesOf(env: string): Record<string, string> {
  const lines = env.split('\n').filter((line) => /^[A-Z]/.test(line));
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/).slice(0, 2) as [string, string]));
}

describe('docker-compose.yml', () => {
  it('takes from .env what .env.example has, and nothing else', () => {
    const taken = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
    expect([...taken].sort()).toEqual(Object.keys(variablesOf(example)).sort());
  });

  it('starts nothing without them', () => {
    expect(
      [...text.matchAll(/\$\{\w+(.)/g)].map(([, sign]) => sign).filter((sign) => !/[:?]/.test(sign ?? '')),
    ).toEqual([]);
  });

  it('pins each image to one version', () => {
    expect(those(({ image, build }) => build === undefined && !/:v?\d+\.\d+/.test(image))).toEqual([]);
  });

  it('sets settings that there are', () => {
    const ours = ['api', 'worker'].flatMap((name) => Object.keys(services[name]?.environment ?? {}));
    const known = [...SETTING_NAMES, 'TEMPORAL_ADDRESS'];
    expect(ours.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('has no password of its own', () => {
    const secrets = each.flatMap(([, { environment = {} }]) =>
      Object.entries(environment).filter(([name]) => /PASSWORD|_PWD|_KEY|DATABASE_URL/.test(name)),
    );
    expect(secrets.filter(([, value]) => !/^(postgres:\/\/rules:)?\$\{/.test(value))).toEqual([]);
    expect(secrets).not.toHaveLength(0);
  });

  it('mounts files and volumes that there are', () => {
    const sources = each.flatMap(([, { volumes = [] }]) =>
      volumes.map((volume) => volume.split(':')[0] ?? ''),
    );
    const missing = sources.filter((source) =>
      source.startsWith('.') ? !existsSync(join(ROOT, source)) : !(source in named),
    );
    expect(missing).toEqual([]);
  });

  it('publishes on loopback alone', () => {
    const ports = each.flatMap(([, service]) => service.ports ?? []);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('asks each service that stays up whether it is well', () => {
    expect(those(({ healthcheck }) => healthcheck === undefined)).toEqual(['temporal-schema']);
  });

  it('gives no container more than it needs', () => {
    const noNewPrivileges = 'no-new-privileges:true';
    expect(those(({ cap_drop }) => cap_drop?.[0] !== 'ALL')).toEqual([]);
    expect(those(({ security_opt }) => security_opt?.[0] !== noNewPrivileges)).toEqual([]);
    expect(those(({ read_only }) => read_only !== true)).toEqual(['temporal-ui']);
  });

  it('gives the Temporal server the settings that the embedded one has', () => {
    const file = parse(readFileSync(join(ROOT, 'deploy/temporal/dynamic-config.yaml'), 'utf8')) as Record<
      string,
      { value: unknown }[]
    >;
    const values = Object.entries(file).map(([name, [entry]]) => `${name}=${JSON.stringify(entry?.value)}`);
    expect(values).toEqual(
      expect.arrayContaining(DYNAMIC_CONFIG_ARGUMENTS.filter((argument) => argument.includes('='))),
    );
  });
});

const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;

(hasCompose ? describe : describe.skip)('docker compose', () => {
  it('accepts the file with the settings of a new .env', () => {
    const env = join(temporaryFolder(), '.env');
    writeFileSync(env, execFileSync('/bin/sh', [join(ROOT, 'deploy/new-env.sh')]));
    const args = ['compose', '--env-file', env, 'config', '--quiet'];
    expect(spawnSync('docker', args, { cwd: ROOT, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });
});

describe('deploy/new-env.sh', () => {
  it('makes a secret for each that .env.example leaves empty, another one each time', () => {
    const made = [1, 2].map(() =>
      variablesOf(execFileSync('/bin/sh', [join(ROOT, 'deploy/new-env.sh')], { encoding: 'utf8' })),
    );
    const secret = Object.keys(variablesOf(example)).filter((name) => /_PASSWORD$|_KEY$/.test(name));
    expect(secret).toHaveLength(5);
    for (const name of secret) {
      expect(variablesOf(example)[name]).toBe('');
      expect(made[0]?.[name]).toMatch(/^([0-9a-f]{48}|[A-Za-z0-9+/]{43}=)$/);
      expect(made[0]?.[name]).not.toBe(made[1]?.[name]);
    }
  });
});
