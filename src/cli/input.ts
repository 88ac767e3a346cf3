import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { MAX_EVENT_BYTES } from '../shared/limits';
import { BadInputError } from './errors';
import type { Locate } from './problem';
import { cleanLine } from './text';

/** Uses of aliases in one document, as the API has it. */
const MAX_ALIASES = 50;

/** A file that holds one secret. Larger is a wrong file. Bytes. */
const MAX_SECRET_BYTES = 16_384;

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
  // The first line says what and where; a picture of the place follows.
  return parseYaml(
    file,
    await readInput(file, stdin, maxBytes),
    ({ message }) => message.split('\n')[0] ?? '',
  );
}

/** The same of a file with secrets in it, of which an error must quote nothing. @throws BadInputError */
export async function readSecretYaml(file: string, stdin: Readable, maxBytes: number): Promise<unknown> {
  return parseYaml(file, await readInput(file, stdin, maxBytes), (error) => {
    const [start] = (error as { linePos?: { line: number; col: number }[] }).linePos ?? [];
    return start
      ? `see line ${start.line}, column ${start.col}`
      : 'look for an alias, "*", without an anchor';
  });
}

async function parseYaml(file: string, text: string, describe: (error: Error) => string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(text, { maxAliasCount: MAX_ALIASES, logLevel: 'error' });
  } catch (error) {
    const what = cleanLine(describe(error as Error)).replace(/:$/, '');
    throw new BadInputError(`${nameOf(file)}: is no YAML: ${what}`);
  }
}

/** Reads a secret from a file that holds nothing else; the line's end after it is none of it. @throws BadInputError */
export async function readSecret(file: string, stdin: Readable): Promise<string> {
  const secret = (await readInput(file, stdin, MAX_SECRET_BYTES)).replace(/\r?\n$/, '');
  if (secret === '') throw new BadInputError(`${nameOf(file)}: is empty`);
  return secret;
}
