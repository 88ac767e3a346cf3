import type { Format } from 'ajv';
import addFormats from 'ajv-formats';

/** A text longer than this has no format: some of their regular expressions take the square of its length. Characters. */
const MAX_FORMATTED_LENGTH = 2_048;

/** Those that are checked by more than the look of them. */
const FULL = ['date', 'time', 'date-time', 'iso-time', 'iso-date-time'] as const;

const FAST = [
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'json-pointer',
  'relative-json-pointer',
  'uri',
  'uri-reference',
  'uuid',
] as const;

/** The formats that a schema may name for texts. */
export const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ...FULL.map((name) => [name, bounded(addFormats.get(name, 'full'))] as const),
  ...FAST.map((name) => [name, bounded(addFormats.get(name, 'fast'))] as const),
]);

function bounded(format: Format): (text: string) => boolean {
  const isIt = testOf(format);
  return (text) => text.length <= MAX_FORMATTED_LENGTH && isIt(text);
}

function testOf(format: Format): (text: string) => boolean {
  const validate = typeof format === 'object' && 'validate' in format ? format.validate : format;
  if (validate instanceof RegExp) return (text) => validate.test(text);
  // Those of ajv-formats that check texts, which are all that are named above.
  if (typeof validate === 'function') return validate as (text: string) => boolean;
  throw new Error('a format of a kind that is not known here');
}
