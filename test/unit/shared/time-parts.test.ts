import { partAt, timeParts } from '../../../src/shared/time-parts';

const HOUR_MS = 3_600_000;
const at = (time: string) => Date.parse(`2026-11-26T${time}Z`);
const span = { from: at('10:00:00'), to: at('15:00:00') };
const hoursOf = (count: number) =>
  timeParts(span, count, HOUR_MS).map(({ from, to }) => [from, to].map((edge) => edge.slice(11, 13)));

describe('a span of time', () => {
  it('is in parts of equal length when it can be', () => {
    expect(timeParts({ from: at('10:00:00'), to: at('10:00:03') }, 2, 1)).toEqual([
      { from: '2026-11-26T10:00:00.000Z', to: '2026-11-26T10:00:01.500Z' },
      { from: '2026-11-26T10:00:01.500Z', to: '2026-11-26T10:00:03.000Z' },
    ]);
  });

  it('is in parts of whole units', () => {
    expect(hoursOf(2)).toEqual([
      ['10', '12'],
      ['12', '15'],
    ]);
  });

  it('has no more parts than units', () => {
    expect(hoursOf(60)).toHaveLength(5);
  });
});

describe('a time', () => {
  it.each([
    ['2026-11-26T09:59:59.999Z', -1],
    ['2026-11-26T10:00:00.000Z', 0],
    ['2026-11-26T12:00:00.000Z', 1],
    ['2026-11-26T15:00:00.000Z', -1],
  ])('%s is in part %d', (time, part) => {
    expect(partAt(timeParts(span, 2, HOUR_MS), time)).toBe(part);
  });
});
