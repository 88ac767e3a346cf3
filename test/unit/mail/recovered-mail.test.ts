import { recoveredMail } from '../../../src/mail/recovered-mail';

const recovered = {
  workspace: 'default',
  origin: 'https://hooks.example.com',
  failingSince: '2026-01-05T08:00:00.000Z',
  recoveredAt: '2026-01-06T09:00:00.000Z',
  to: { name: 'Ada', address: 'ada@example.com' },
  from: 'Rule Builder <rules@example.org>',
};

it('says since when it works, and how what was escalated is restarted', () => {
  const { subject, text } = recoveredMail(recovered);
  expect(subject).toBe('[Recovered] Destination works again');
  expect(text).toContain(
    'Calls to https://hooks.example.com go well again, since 2026-01-06T09:00:00.000Z. They had failed since 2026-01-05T08:00:00.000Z.',
  );
  expect(text).toContain(
    '  rule-webhooks recover https://hooks.example.com --since 2026-01-05T08:00:00.000Z\n',
  );
});

it('is known as the same one when it is sent again, and as another for another outage or recipient', () => {
  const id = (changed: Partial<typeof recovered>) => recoveredMail({ ...recovered, ...changed }).messageId;
  expect(id({ recoveredAt: 'later' })).toBe(id({}));
  const others = [
    id({}),
    id({ failingSince: 'later' }),
    id({ to: { name: 'Bob', address: 'bob@example.com' } }),
  ];
  expect(new Set(others).size).toBe(3);
});

it('tells mail programs that no person wrote it', () => {
  expect(recoveredMail(recovered).headers).toMatchObject({ 'Auto-Submitted': 'auto-generated' });
});
