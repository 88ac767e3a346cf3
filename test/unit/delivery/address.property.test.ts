import fc from 'fast-check';
import { createEgress } from '../../../src/delivery/egress';
import { answer, notation4, notation6 } from '../../support/address-notations';
import { connectBy } from '../../support/connect';
import { dialNowhere } from '../../support/dialled';
import { strictEgress } from '../../support/egress';
import { isGloballyReachable } from '../../support/iana';

let network: ReturnType<typeof dialNowhere>;
/** What the name server says just now. */
let addresses: string[] = [];
const connector = createEgress({
  ...strictEgress,
  allowHttp: true,
  resolve: async () => addresses,
}).connector({});

beforeEach(() => {
  network = dialNowhere();
});
afterEach(() => {
  network.restore();
});

/** To where a call to this URL connects. */
async function dialledFor(url: string): Promise<string[]> {
  network.dialled.splice(0);
  await expect(connectBy(connector, url)).rejects.toThrow();
  return [...network.dialled];
}

it('however an address is written, only public ones are connected to', async () => {
  let reached = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(notation4, notation6),
      fc.constantFrom('http', 'https'),
      async (host, scheme) => {
        fc.pre(URL.canParse(`${scheme}://${host}/`));
        const dialled = await dialledFor(`${scheme}://${host}/`);
        reached += dialled.length;
        expect(dialled.filter((address) => !isGloballyReachable(address))).toEqual([]);
      },
    ),
    { numRuns: 3_000 },
  );
  expect(reached).toBeGreaterThan(100);
});

it('whatever a name server says, only public addresses are connected to, and those that were vetted', async () => {
  let reached = 0;
  await fc.assert(
    fc.asyncProperty(answer, fc.constantFrom('http', 'https'), async (said, scheme) => {
      addresses = said;
      const dialled = await dialledFor(`${scheme}://hooks.example.com/`);
      reached += dialled.length;
      expect(dialled.filter((address) => !isGloballyReachable(address))).toEqual([]);
      expect(dialled.filter((address) => !said.includes(address))).toEqual([]);
      // One that is not public is enough.
      expect(dialled.length === 0 || said.every(isGloballyReachable)).toBe(true);
    }),
    { numRuns: 3_000 },
  );
  expect(reached).toBeGreaterThan(100);
});

it('ordinary public addresses are connected to', async () => {
  const ordinary = fc.constantFrom(
    '1.1.1.1',
    '8.8.8.8',
    '93.184.216.34',
    '172.15.0.1',
    '172.32.0.1',
    '100.128.0.1',
    '192.0.1.1',
    '169.253.1.1',
    '223.255.255.255',
    '[2606:4700::1111]',
    '[2a00:1450:4001::1]',
    '[2003::1]',
    '[2400::1]',
  );
  await fc.assert(
    fc.asyncProperty(ordinary, async (host) => {
      expect(await dialledFor(`https://${host}/`)).toEqual([host.replace(/[[\]]/g, '')]);
    }),
  );
});
