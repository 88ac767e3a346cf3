import { isDelivered, progressLine, type ProgressEvent } from '../../src/cli/progress-line';

const at = '2026-11-24T04:16:36.559Z';

const cases: [ProgressEvent, string][] = [
  [
    { at, kind: 'calling', call: 'step 1 POST http://127.0.0.1:4811/enrich' },
    '→ step 1 POST http://127.0.0.1:4811/enrich',
  ],
  [
    { at, kind: 'delivered', call: 'step 1', attempt: { response: { status: 200 }, durationMs: 9 } },
    '✓ 200 in 9 ms',
  ],
  [{ at, kind: 'failed', call: 'step 1', error: '503 Service Unavailable' }, '✗ 503 Service Unavailable'],
  [{ at, kind: 'skipped', call: 'step 2', reason: 'trigger.score is 90' }, '- skipped: trigger.score is 90'],
  [
    { at, kind: 'waiting', retry: 'retry 1 of 5 at 2026-11-24T04:22:36.594Z', until: at },
    '… waits: retry 1 of 5 at 2026-11-24T04:22:36.594Z',
  ],
  [{ at, kind: 'retry-now' }, '↻ retry now'],
  [{ at, kind: 'escalating' }, '✗ given up; the e-mail to the owner is on its way'],
  [{ at, kind: 'mailed', escalation: { to: 'ada@example.com' } }, '✉ e-mail to ada@example.com'],
  [{ at, kind: 'ended', how: 'completed', report: { status: 'escalated' } }, '■ escalated'],
  [{ at, kind: 'ended', how: 'timed out' }, '■ timed out'],
];

it.each(cases)('%j is one line', (event, words) => {
  expect(progressLine(event, 'open-ticket')).toBe(`2026-11-24T04:16:36.559Z  open-ticket  ${words}`);
});

it('shows a kind that only a newer service knows by its name', () => {
  expect(progressLine({ at, kind: 'sings' } as never, 'r')).toBe('2026-11-24T04:16:36.559Z  r  sings');
});

it('obeys nothing that a receiver wrote', () => {
  const line = progressLine({ at, kind: 'failed', call: '', error: '500 \u001b[2J\nOops' }, 'r');
  expect(line).toBe('2026-11-24T04:16:36.559Z  r  ✗ 500 Oops');
});

it.each<[ProgressEvent | undefined, boolean]>([
  [{ at, kind: 'ended', how: 'completed', report: { status: 'delivered' } }, true],
  [{ at, kind: 'ended', how: 'completed', report: { status: 'escalated' } }, false],
  [{ at, kind: 'ended', how: 'terminated' }, false],
  [{ at, kind: 'retry-now' }, false],
  [undefined, false],
])('after %j, delivered is %s', (event, delivered) => {
  expect(isDelivered(event)).toBe(delivered);
});
