import { percent, standingOf } from '../../../src/dashboard/pages/destinations/standing';

const NOW = Date.parse('2026-07-10T12:00:00.000Z');
const healthy = {
  failing_since: null,
  consecutive_failures: 0,
  last_error: null,
  last_failure_at: null,
  last_recovery_at: null,
  disabled: null,
  circuit_open_until: null,
};
const failing = { ...healthy, failing_since: '2026-07-10T11:00:00.000Z' };
const open = { ...failing, circuit_open_until: '2026-07-10T12:01:00.000Z' };

describe('how a destination stands', () => {
  test.each([
    ['healthy', healthy],
    ['failing', failing],
    ['circuit_open', open],
    ['disabled', { ...open, disabled: { at: '2026-07-10T11:30:00.000Z', by: 'key/a', reason: 'by hand' } }],
  ])('%s, when nothing worse holds', (standing, health) => {
    expect(standingOf(health, NOW)).toBe(standing);
  });

  test('a circuit whose time is over is one that fails', () => {
    expect(standingOf({ ...open, circuit_open_until: '2026-07-10T11:59:00.000Z' }, NOW)).toBe('failing');
  });
});

test.each([
  [1, '100 %'],
  [0.99999, '99.9 %'],
  [0.995, '99.5 %'],
  [0.00001, '0.1 %'],
  [0, '0 %'],
])('a share of %d reads as %s', (rate, text) => {
  expect(percent(rate)).toBe(text);
});
