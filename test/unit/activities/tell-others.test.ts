import { tellOthers, type MemberBook } from '../../../src/activities/tell-others';
import { ruleSchema } from '../../../src/rules/rule';
import type { AddressedNotice, Notice } from '../../../src/shared/notices';
import { ruleDocument } from '../../support/rules-file';

const notice: Notice = {
  type: 'destination.recovered',
  origin: 'https://hooks.example.com',
  failingSince: '2026-01-05T08:00:00.000Z',
  recoveredAt: '2026-01-06T08:00:00.000Z',
};
const members: MemberBook = {
  get: async (_workspace, id) => (id === 'bob' ? { name: 'Bob', email: 'bob@example.com' } : undefined),
};

/** A rule of this owner that tells these. */
function rule(email: string, notify: object) {
  const parsed = ruleSchema.parse({ ...ruleDocument({ urls: ['https://example.com'] }), notify });
  return { rule: parsed, owner: { email } };
}

/** @returns whom it started notices to */
async function told(
  rules: ReturnType<typeof rule>[],
  owners: 'told' | 'too' = 'told',
): Promise<AddressedNotice[]> {
  const started: AddressedNotice[] = [];
  const startNotice = async (addressed: AddressedNotice) => void started.push(addressed);
  await tellOthers({ members, startNotice }, { workspace: 'default', notice, rules, owners });
  return started;
}

const targets = (notices: AddressedNotice[]) =>
  notices.map(({ target }) => (target.kind === 'mail' ? target.address : target.channelId)).sort();

it('tells recipients by address, members by the address that they have now, and channels', async () => {
  const watch = rule('ada@example.com', {
    recipients: ['carol@example.com', { member: 'bob' }],
    channels: ['ops'],
  });
  expect(targets(await told([watch]))).toEqual(['bob@example.com', 'carol@example.com', 'ops']);
});

it('tells each once, though several rules name them', async () => {
  const rules = [
    rule('ada@example.com', { recipients: ['carol@example.com', 'BOB@example.com'], channels: ['ops'] }),
    rule('ada@example.com', { recipients: [{ member: 'bob' }], channels: ['ops', 'dev'] }),
  ];
  expect(targets(await told(rules))).toEqual(['bob@example.com', 'carol@example.com', 'dev', 'ops']);
});

it('leaves out owners who have e-mails of their own', async () => {
  const rules = [rule('ada@example.com', { recipients: ['Ada@example.com', 'carol@example.com'] })];
  expect(targets(await told(rules))).toEqual(['carol@example.com']);
});

it('tells owners too when they have none', async () => {
  const rules = [
    rule('ada@example.com', { recipients: ['carol@example.com'] }),
    rule('carol@example.com', {}),
  ];
  expect(targets(await told(rules, 'too'))).toEqual(['ada@example.com', 'carol@example.com']);
});

it('leaves out a member who is not there any more', async () => {
  expect(await told([rule('ada@example.com', { recipients: [{ member: 'gone' }] })])).toEqual([]);
});

it('names a notice to a target the same each time, and otherwise for each target', async () => {
  const watch = rule('ada@example.com', { recipients: ['carol@example.com'], channels: ['ops'] });
  const ids = (await told([watch])).map(({ id }) => id);
  expect((await told([watch])).map(({ id }) => id)).toEqual(ids);
  expect(new Set(ids).size).toBe(2);
});
