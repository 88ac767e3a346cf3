import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, readConfig, SETTING_NAMES } from '../../src/config';
import { isHttp2Sound } from '../../src/delivery/http2-soundness';

const read = (environment: Record<string, string>) => readConfig({}, environment);
const project = (file: string) => readFileSync(join(__dirname, '../..', file), 'utf8');

describe('settings', () => {
  it('have defaults that need nothing set', () => {
    expect(read({})).toMatchObject({
      dataFolder: join(process.cwd(), 'data'),
      mail: { from: 'Rule Webhooks <rule-webhooks@localhost>' },
      egress: {
        allowedNetworks: [],
        allowedHosts: [],
        allowedPorts: [80, 443, 8080, 8443],
        allowHttp: false,
      },
      temporal: { retentionDays: 30, adoptsRetention: false },
    });
  });

  it('that are empty count as unset', () => {
    expect(read({ SMTP_URL: '', RETENTION_DAYS: '' })).toEqual(read({}));
  });

  it('of a program go before those of the environment', () => {
    expect(readConfig({ RETENTION_DAYS: '7' }, { RETENTION_DAYS: '9' }).temporal.retentionDays).toBe(7);
  });

  it('say whether a namespace that exists is to have the retention', () => {
    expect(read({ RETENTION_DAYS: '30' }).temporal).toMatchObject({
      retentionDays: 30,
      adoptsRetention: true,
    });
  });

  it.each([
    ['SMTP_URL', 'http://mail.example.com'],
    ['MAIL_FROM', 'nobody'],
    ['ALLOWED_NETWORKS', '10.0.0.0/8, localhost'],
    ['TRUSTED_PROXIES', '10.0.0.0/8, proxy'],
    ['ALLOWED_HOSTS', 'hooks.internal, *'],
    ['ALLOWED_HOSTS', '10.0.0.1'],
    ['ALLOWED_HOSTS', 'https://hooks.internal'],
    ['ALLOWED_HOSTS', 'hooks.internal:8080'],
    ['ALLOWED_PORTS', '443,65536'],
    ['ALLOWED_PORTS', '0'],
    ['ALLOW_HTTP', 'yes'],
    ['HTTPS_PROXY', 'proxy:3128'],
    ['HTTPS_PROXY', 'socks5://proxy:1080'],
    ['NO_PROXY', 'localhost, 10.*'],
    ['RETENTION_DAYS', '0'],
    ['DEPLOYMENT_NAME', 'rules.example'],
    ['DEPLOYMENT_NAME', '__mine'],
    ['PAYLOAD_ENCRYPTION_KEY', 'secret'],
    ['CODEC_ORIGINS', 'http://127.0.0.1:8233/'],
    ['CODEC_ORIGINS', '*'],
    ['ENCRYPTION_KEY', 'a password'],
    ['METRICS_PORT', 'nine'],
    ['TEMPORAL_DEV_PORT', '70000'],
    ['TEMPORAL_DEV_UI_PORT', 'eighty'],
  ])('that are wrong are named: %s', (variable, value) => {
    expect(() => read({ [variable]: value })).toThrow(new RegExp(`^${variable}: `));
  });

  it('that are wrong do not show the password of a proxy', () => {
    expect(() => read({ HTTPS_PROXY: 'http://user:hunter2@proxy/path' })).toThrow(
      /^(?!.*hunter2)HTTPS_PROXY: /,
    );
  });

  it('offer HTTP/2 only where receivers cannot end the process by it', () => {
    const answer = () => {
      try {
        return `allowed: ${read({ ALLOW_HTTP2: 'true' }).egress.allowHttp2}`;
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(answer()).toMatch(
      isHttp2Sound()
        ? 'allowed: true'
        : /^ALLOW_HTTP2: needs another Node: .*nghttp2 1\.\d+\.\d+, CVE-2026-27135/,
    );
  });

  it('of a proxy come together', () => {
    const { egress } = read({ HTTPS_PROXY: 'http://u:p@proxy:3128', NO_PROXY: 'localhost, .internal' });
    expect(egress).toHaveProperty('proxy', {
      url: 'http://proxy:3128',
      username: 'u',
      password: 'p',
      noProxy: ['localhost', '.internal'],
    });
  });

  it('have the public address without a slash at its end, and by default where the API listens', () => {
    expect(readConfig({ PUBLIC_URL: 'https://rules.example.com/' }, {}).publicUrl).toBe(
      'https://rules.example.com',
    );
    expect(readConfig({ API_HOST: '::1' }, {}).publicUrl).toBe('http://[::1]:7333');
  });

  it('refuse a public address with a password or a query', () => {
    expect(() => readConfig({ PUBLIC_URL: 'https://a:b@rules.example.com' }, {})).toThrow(
      'PUBLIC_URL: must be an address alone',
    );
    expect(() => readConfig({ PUBLIC_URL: 'ftp://rules.example.com' }, {})).toThrow(
      'PUBLIC_URL: must begin with',
    );
  });

  it('that are secret are not repeated when they are wrong', () => {
    expect(() => read({ ENCRYPTION_KEY: 'hush-hush' })).not.toThrow('hush');
    expect(() => read({ OTEL_EXPORTER_OTLP_HEADERS: 'hush-hush' })).not.toThrow('hush');
  });

  it('that are wrong are all named at once', () => {
    const wrong = () => read({ MAIL_FROM: 'nobody', RETENTION_DAYS: '0' });
    expect(wrong).toThrow(ConfigError);
    expect(wrong).toThrow(/^MAIL_FROM: .*\nRETENTION_DAYS: .*$/);
  });

  it('are all in the README', () => {
    const [, table = ''] = project('README.md').split('## Settings');
    const own = SETTING_NAMES.filter((name) => name !== 'PATH');
    expect(own.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
  });
});
