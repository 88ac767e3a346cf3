import { bodyOf, fieldsOf, textsOf } from '../../../src/dashboard/pages/settings/credential-form';
import { SECRET_FIELDS } from '../../../src/destinations/credential';

const KINDS = ['basic', 'bearer', 'api_key', 'oauth2', 'tls'] as const;

describe('the form of a credential', () => {
  test('a secret that is not typed is left out, so that it stays as it is', () => {
    const typed = { name: '', origins: 'https://a.example', texts: { username: 'ada', password: '' } };
    expect(bodyOf('basic', 'client_secret_basic', typed)).toEqual({
      kind: 'basic',
      name: null,
      origins: ['https://a.example'],
      username: 'ada',
    });
  });

  test('what was typed for another kind is not sent', () => {
    const typed = { name: 'CRM', origins: 'https://a.example', texts: { token: 't', password: 'p' } };
    expect(bodyOf('bearer', 'client_secret_basic', typed)).not.toHaveProperty('password');
  });

  test('origins stand on lines, or between commas', () => {
    const typed = {
      name: '',
      origins: 'https://a.example\n https://b.example, https://c.example\n',
      texts: {},
    };
    expect(bodyOf('bearer', 'client_secret_basic', typed)).toMatchObject({
      origins: ['https://a.example', 'https://b.example', 'https://c.example'],
    });
  });

  test('of an OAuth 2 client only what its way of proving needs is asked for', () => {
    const names = fieldsOf('oauth2', 'private_key_jwt').map(({ name }) => name);
    expect(names).toEqual([
      'token_url',
      'client_id',
      'private_key',
      'algorithm',
      'key_id',
      'scope',
      'audience',
    ]);
  });

  test.each(KINDS)('each secret of the kind %s is typed unseen', (kind) => {
    const asked = fieldsOf(kind, 'client_secret_basic');
    const secrets = asked.filter(({ name }) => SECRET_FIELDS.some((secret) => secret === name));
    expect(secrets.every(({ isSecret }) => isSecret === true)).toBe(true);
  });

  test('an edited credential begins with what is known of it', () => {
    const credential = {
      id: 'erp',
      kind: 'basic' as const,
      name: null,
      origins: ['https://a.example'],
      secret_fields: ['password'],
      username: 'ada',
      version: 1,
      updated_at: '2026-07-10T12:00:00.000Z',
      updated_by: 'key/a',
    };
    expect(textsOf(credential)).toMatchObject({ username: 'ada' });
  });
});
