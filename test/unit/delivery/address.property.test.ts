import fc from 'fast-check';
import { createEgress } from '../../../src/delivery/egress';
import { connectBy } from '../../support/connect';
import { dialNowhere } from '../../support/dialled';
import { strictEgress } from '../../support/egress';
import { isGloballyReachable, SPECIAL_NETWORKS } from '../../support/iana';

/** Bits that begin as those of a network do, or by pure chance. */
function bits(family: '4' | '6', length: number): fc.Arbitrary<string> {
  const networks = SPECIAL_NETWORKS.filter((network) => network.startsWith(family)).map((each) =>
    each.slice(1),
  );
  const random = fc
    .array(fc.constantFrom('0', '1'), { minLength: length, maxLength: length })
    .map((each) => each.join(''));
  const edge = fc.oneof(random, fc.constantFrom('0'.repeat(length), '1'.repeat(length)));
  return fc.oneof(
    random,
    fc.tuple(fc.constantFrom(...networks), edge).map(([network, rest]) => (network + rest).slice(0, length)),
  );
}

const ipv4 = bits('4', 32).map((each) => BigInt(`0b${each}`));
const ipv6 = bits('6', 128).map((each) => BigInt(`0b${each}`));

function dotted(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
}

function groups(address: bigint): string {
  return Array.from({ length: 8 }, (_, nth) =>
    ((address >> BigInt(112 - 16 * nth)) & 0xffffn).toString(16),
  ).join(':');
}

const radices = [
  (n: bigint) => String(n),
  (n: bigint) => `0x${n.toString(16)}`,
  (n: bigint) => `0${n.toString(8)}`,
];

/** Ways to write an IPv4 address that URL parsers know: one to four parts, each in any base, the digits in any script. */
const notation4 = fc
  .tuple(
    ipv4,
    fc.constantFrom(1, 2, 3, 4),
    fc.array(fc.constantFrom(...radices), { minLength: 4, maxLength: 4 }),
  )
  .chain(([address, parts, bases]) => {
    const octets = [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n);
    const last = octets.slice(parts - 1).reduce((sum, octet) => sum * 256n + octet, 0n);
    const text = [...octets.slice(0, parts - 1), last].map((part, nth) => bases[nth]?.(part)).join('.');
    return fc.constantFrom(
      text,
      text.toUpperCase(),
      `${text}.`,
      text.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
      text.replace(/\d/g, (digit) => `%3${digit}`),
      text.replaceAll('.', '。'),
    );
  });

/** Ways to write an IPv6 address, and to hide an IPv4 one in it. */
const notation6 = fc.oneof(
  ipv6.map((address) => `[${groups(address)}]`),
  ipv6.map((address) => `[${groups(address).replace(/(^|:)0(:0)+(:|$)/, '::')}]`),
  fc
    .tuple(
      fc.constantFrom(
        '::',
        '::ffff:',
        '::ffff:0:',
        '64:ff9b::',
        '64:ff9b:1::',
        '2001:0::',
        '2001:db8::',
        'fe80::5efe:',
      ),
      ipv4,
    )
    .map(([prefix, address]) => `[${prefix}${dotted(address)}]`),
  ipv4.map((address) => `[2002:${(address >> 16n).toString(16)}:${(address & 0xffffn).toString(16)}::1]`),
);

/** What a name server may say. */
const answer = fc.array(fc.oneof(ipv4.map(dotted), ipv6.map(groups)), { minLength: 1, maxLength: 4 });

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
