import { growthOf, type Sample } from './growth';

const MINUTE = 60_000;
const tolerance = { held: { share: 0.1, absolute: 5 } };

/** Ten minutes of samples. @param valueAt of a figure, by the share of the run that is over */
function samples(valueAt: (share: number) => number, count = 60): Sample[] {
  return Array.from({ length: count }, (_, nth) => {
    const share = (nth + 1) / count;
    return { at: share * 10 * MINUTE, figures: { held: valueAt(share) } };
  });
}

/** The same each time: within 1 of 0. */
const noise = (share: number) => Math.sin(share * 1_234);

function isLeak(valueAt: (share: number) => number): boolean | undefined {
  return growthOf(samples(valueAt), tolerance)[0]?.isLeak;
}

it.each<[string, (share: number) => number]>([
  ['stays the same', () => 100],
  ['varies', (share) => 100 + 10 * noise(share)],
  ['grows at first, and then no more', (share) => (share < 0.45 ? 200 * share : 90) + noise(share)],
  ['goes up and down, as what is collected now and then', (share) => 100 + 20 * ((share * 17) % 1)],
  ['falls', (share) => 100 - 50 * share],
  ['has peaks in busy moments, more of them in the end', (share) => 100 + (share * 60 > 55 ? 500 : 0)],
  ['is nothing', () => 0],
])('what %s is no leak', (_what, valueAt) => {
  expect(isLeak(valueAt)).toBe(false);
});

it.each<[string, (share: number) => number]>([
  ['grows with the traffic', (share) => 100 + 100 * share + noise(share)],
  ['grows from nothing', (share) => 20 * share],
  ['grows by steps', (share) => 100 + 15 * Math.floor(share * 8)],
  ['grows under noise', (share) => 100 + 60 * share + 10 * noise(share)],
  ['was not measured', () => NaN],
])('what %s is a leak', (_what, valueAt) => {
  expect(isLeak(valueAt)).toBe(true);
});

it('tells by how much it grew, and how much it might have', () => {
  const [growth] = growthOf(
    samples((share) => 100 + 100 * share),
    tolerance,
  );
  expect(growth).toMatchObject({ figure: 'held', isLeak: true });
  expect(growth?.growth).toBeCloseTo(50, -1);
  expect(growth?.allowed).toBeCloseTo(17.5, 0);
});

it('judges by no figure that was hardly measured', () => {
  expect(() =>
    growthOf(
      samples(() => 1, 10),
      tolerance,
    ),
  ).toThrow('are too few');
});
