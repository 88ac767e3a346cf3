import fc from 'fast-check';
import { SPECIAL_NETWORKS } from './iana';

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

export const ipv4 = bits('4', 32).map((each) => BigInt(`0b${each}`));
export const ipv6 = bits('6', 128).map((each) => BigInt(`0b${each}`));

export function dotted(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
}

export function groups(address: bigint): string {
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
export const notation4 = fc
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
export const notation6 = fc.oneof(
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
export const answer = fc.array(fc.oneof(ipv4.map(dotted), ipv6.map(groups)), { minLength: 1, maxLength: 4 });
