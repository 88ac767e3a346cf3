import type { EncryptionRotation } from '../../src/cli/api-types';
import { ApiLab, type CheckedCaller } from './lab';

let lab: ApiLab;
let admin: CheckedCaller;
beforeAll(async () => {
  lab = await ApiLab.open();
  admin = await lab.workspace();
});
afterAll(() => lab.close());

const ORIGIN = 'https://hooks.example.com';

function rotate(caller: CheckedCaller) {
  return caller.call<EncryptionRotation>('POST', '/v1/encryption/rotate');
}

async function inForce() {
  return lab.store.callSettings.callSettings(admin.workspace, ORIGIN, { auth: 'crm' });
}

it('a rotation seals the secrets of all workspaces anew, and they stay what they are', async () => {
  const token = 'a-token-of-the-crm';
  await admin.call('PUT', '/v1/credentials/crm', { kind: 'bearer', origins: [ORIGIN], token });
  await admin.call('POST', `/v1/destinations/${encodeURIComponent(ORIGIN)}/signing-keys`);
  const before = await inForce();
  const first = (await rotate(lab.operator())).body;
  // The credential, the signing key, and the text by which a start knows its key.
  expect(first.resealed).toBeGreaterThanOrEqual(2);
  expect(await inForce()).toEqual(before);
  const second = (await rotate(lab.operator())).body;
  expect(second.retired).toEqual([first.key]);
  expect(second.key).not.toBe(first.key);
});

it('a rotation is in the audit log of who asked for it', async () => {
  const { body } = await rotate(lab.operator());
  expect(await lab.operator().get('/v1/audit?subject_type=encryption&limit=1')).toMatchObject({
    body: { items: [{ action: 'encryption.rotated', subject: { id: body.key } }] },
  });
});

it('a rotation is no matter of another workspace’s admin', async () => {
  expect((await rotate(admin)).status).toBe(403);
});
