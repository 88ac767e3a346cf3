import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { MAX_EVENT_BYTES } from '../shared/limits';
import { BadInputError } from './errors';
import type { Locate } from './problem';
import { cleanLine } from './text';

/** Uses of aliases in one document, as the API has it. */
const MAX_ALIASES = 50;

/** The name by which the standard input is given as a file. */
const STANDARD_INPUT = '-';

/** Names the place of a problem in an input. */
export function placeIn(file: string | undefined): Locate {
  const name = file === undefined ? [] : [nameOf(file)];
  return (path) => [...name, ...(path === '' ? [] : [path])].join(': ');
}

/** How an input is called in messages. */
export function nameOf(file: string): string {
  return file === STANDARD_INPUT ? 'standard input' : cleanLine(file);
}

/**
 * Reads a file of text whole; `-` is the standard input.
 *
 * @throws BadInputError when it cannot be read, is larger than `maxBytes`, or is not UTF-8
 */
export async function readInput(file: string, stdin: Readable, maxBytes: number): Promise<string> {
  const bytes = await readBytes(file, stdin, maxBytes);
  if (bytes.length > maxBytes) throw new BadInputError(`${nameOf(file)}: is larger than ${maxBytes} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BadInputError(`${nameOf(file)}: is not UTF-8 text`);
  }
}

async function readBytes(file: string, stdin: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    const source = file === STANDARD_INPUT ? stdin : (await open(file)).createReadStream();
    for await (const chunk of source) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > maxBytes) break;
    }
  } catch (error) {
    throw new BadInputError(`${nameOf(file)}: cannot be read: ${(error as Error).message}`);
  }
  return Buffer.concat(chunks);
}

/** Reads an event. @returns its text, so that its numbers reach the API as they were written. @throws BadInputError */
export async function readEvent(file: string, stdin: Readable): Promise<string> {
  const text = await readInput(file, stdin, MAX_EVENT_BYTES);
  try {
    JSON.parse(text);
  } catch (error) {
    throw new BadInputError(`${nameOf(file)}: ${(error as Error).message}`);
  }
  return text;
}

/** Reads YAML, or JSON, which is YAML too. @throws BadInputError */
export async function readYaml(file: string, stdin: Readable, maxBytes: number): Promise<unknown> {
  const text = await readInput(file, stdin, maxBytes);
  const { parse } = await import('yaml');
  try {
    return parse(text, { maxAliasCount: MAX_ALIASES, logLevel: 'error' });
  } catch (error) {
    // The first line says what and where; a picture of the place follows.
    const [message = ''] = (error as Error).message.split('\n');
    throw new BadInputError(`${nameOf(file)}: is no YAML: ${cleanLine(message).replace(/:$/, '')}`);
  }
}
