import { integer, pastTime } from '../../src/cli/options';
import { age, until } from '../../src/cli/times';

const NOW = Date.parse('2026-11-24T12:00:00.000Z');

it.each([
  ['2026-11-24T04:00:00Z', '2026-11-24T04:00:00.000Z'],
  ['2026-11-24T04:00:00+02:00', '2026-11-24T02:00:00.000Z'],
  ['2026-11-24', '2026-11-24T00:00:00.000Z'],
])('the time %s is %s', (text, time) => {
  expect(pastTime(text)).toBe(time);
});

it('a time may be how long ago it was', () => {
  jest.useFakeTimers({ now: NOW });
  expect(pastTime('2h')).toBe('2026-11-24T10:00:00.000Z');
  jest.useRealTimers();
});

it.each(['tomorrow', '', '12', 'Nov 24', '2026-13-40', '2 parsecs'])('%j is no time', (text) => {
  expect(() => pastTime(text)).toThrow(/Must be a time/);
});

it.each([
  ['friday', '2026-11-20'],
  ['Tuesday', '2026-11-24'],
  ['monday', '2026-11-23'],
  ['today', '2026-11-24'],
  ['yesterday', '2026-11-23'],
])('reads %s as the beginning of the latest one', (text, day) => {
  jest.useFakeTimers({ now: new Date(2026, 10, 24, 15, 30) });
  try {
    expect(pastTime(text)).toBe(new Date(`${day}T00:00:00`).toISOString());
  } finally {
    jest.useRealTimers();
  }
});

it.each(['', '-1', '1.5', '0x10', '11', 'NaN'])('%j is no whole number from 1 to 10', (text) => {
  expect(() => integer(1, 10)(text)).toThrow(/whole number from 1 to 10/);
});

it.each([
  ['2026-11-24T11:59:58.900Z', '1s'],
  ['2026-11-24T11:55:00.000Z', '5m'],
  ['2026-11-23T13:00:00.000Z', '23h'],
  ['2026-11-20T08:00:00.000Z', '4d'],
  ['2026-11-24T12:00:05.000Z', '0s'],
  [null, ''],
])('the age of %s is %j', (time, shown) => {
  expect(age(time, NOW)).toBe(shown);
});

it.each([
  ['2026-11-24T12:06:00.000Z', 'in 6m'],
  ['2026-11-24T11:00:00.000Z', 'due'],
  [undefined, ''],
])('%s is %j', (time, shown) => {
  expect(until(time, NOW)).toBe(shown);
});
