import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readTemporalConfiguration } from '../../../src/temporal/configured-server';
import { temporaryFolder } from '../../support/temporary-folder';

function profileFile(text: string): string {
  const file = path.join(temporaryFolder(), 'temporal.toml');
  writeFileSync(file, text);
  return file;
}

describe('which server is meant', () => {
  test('none, when nothing is set', () => {
    expect(readTemporalConfiguration({})).toEqual({ server: undefined, namespace: 'default' });
  });

  test('none, when the address is set to nothing', () => {
    expect(readTemporalConfiguration({ TEMPORAL_ADDRESS: '' }).server).toBeUndefined();
  });

  test('none, when only a namespace is set: it is for the embedded server', () => {
    const configuration = readTemporalConfiguration({ TEMPORAL_NAMESPACE: 'mine' });
    expect(configuration).toEqual({ server: undefined, namespace: 'mine' });
  });

  test('the one at TEMPORAL_ADDRESS', () => {
    const { server } = readTemporalConfiguration({ TEMPORAL_ADDRESS: 'temporal:7233' });
    expect(server).toMatchObject({ address: 'temporal:7233', source: 'TEMPORAL_ADDRESS' });
  });

  test('the one of the default profile in the folder where Temporal keeps it', () => {
    const file = profileFile('[profile.default]\naddress = "cloud:7233"\n');
    const { server } = readTemporalConfiguration({ TEMPORAL_CONFIG_FILE: file });
    expect(server).toMatchObject({
      address: 'cloud:7233',
      source: `profile "default" of TEMPORAL_CONFIG_FILE (${file})`,
    });
  });

  test('the one at TEMPORAL_ADDRESS, with the rest from the profile', () => {
    const file = profileFile('[profile.default]\naddress = "cloud:7233"\nnamespace = "team"\n');
    const configuration = readTemporalConfiguration({
      TEMPORAL_CONFIG_FILE: file,
      TEMPORAL_ADDRESS: 'here:1',
    });
    expect(configuration).toMatchObject({ server: { address: 'here:1' }, namespace: 'team' });
  });

  test('with TLS as soon as there is an API key', () => {
    const { server } = readTemporalConfiguration({ TEMPORAL_ADDRESS: 'cloud:7233', TEMPORAL_API_KEY: 'key' });
    expect(server?.options).toMatchObject({ apiKey: 'key', tls: true });
  });
});

describe('what is wrong is named', () => {
  const address = { TEMPORAL_ADDRESS: 'cloud:7233' };
  const noProfile = profileFile('[profile.default]\naddress = "cloud:7233"\n');

  test.each([
    ['an API key for no address', { TEMPORAL_API_KEY: 'key' }, 'TEMPORAL_API_KEY is set, but no address is'],
    [
      'a file that is absent',
      { TEMPORAL_CONFIG_FILE: '/nowhere' },
      'TEMPORAL_CONFIG_FILE is "/nowhere", which does not exist',
    ],
    [
      'a profile that is absent',
      { TEMPORAL_CONFIG_FILE: noProfile, TEMPORAL_PROFILE: 'work' },
      'TEMPORAL_PROFILE, or TEMPORAL_CONFIG_FILE (' +
        noProfile +
        "), cannot be used: Profile 'work' not found",
    ],
    [
      'a file that is no TOML',
      { TEMPORAL_CONFIG_FILE: profileFile('[profile') },
      /TEMPORAL_CONFIG_FILE \(.*\) cannot be used: Invalid TOML/,
    ],
    ['a TLS switch that is neither on nor off', { ...address, TEMPORAL_TLS: 'yes' }, 'TEMPORAL_TLS is "yes"'],
    [
      'a certificate without its key',
      { ...address, TEMPORAL_TLS_CLIENT_CERT_PATH: '/cert' },
      /TEMPORAL_TLS_CLIENT_CERT_PATH .* is set without TEMPORAL_TLS_CLIENT_KEY_PATH/,
    ],
    [
      'a certificate authority that is absent',
      { ...address, TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere.pem' },
      /TEMPORAL_TLS_SERVER_CA_CERT_PATH cannot be used: ENOENT/,
    ],
  ])('%s', (_, environment, message) => {
    expect(() => readTemporalConfiguration(environment)).toThrow(message);
  });
});
