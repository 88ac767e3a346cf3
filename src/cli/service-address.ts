import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseUrl } from '../shared/parse-url';
import { AwayError, BadInputError } from './errors';
import type { Settings } from './settings';

/** The global options that say which service is meant. */
export interface ServiceOptions {
  url?: string | undefined;
  keyFile?: string | undefined;
  dataDir?: string | undefined;
}

export interface ServiceAddress {
  /** Without a slash at its end. */
  url: string;
  key: string;
  /** The service left this itself, on this machine; otherwise somebody named it. */
  isLocal: boolean;
}

/**
 * Finds the service and the key for it. The address: `--url`, RULE_WEBHOOKS_URL, or what a service of this machine left in
 * its data folder. The key: `--key-file`, RULE_WEBHOOKS_API_KEY, or the service's first one, from the same folder.
 *
 * @throws AwayError when no address is known; BadInputError
 */
export async function findService(options: ServiceOptions, settings: Settings): Promise<ServiceAddress> {
  const dataFolder = options.dataDir === undefined ? settings.dataFolder : resolve(options.dataDir);
  const named = options.url ?? settings.url;
  const where = options.url === undefined ? 'RULE_WEBHOOKS_URL' : '--url';
  const url = named === undefined ? await announcedUrl(dataFolder) : checkedUrl(named, where);
  const key = await findKey(options, settings, dataFolder, named === undefined || isLoopback(url));
  return { url, key, isLocal: named === undefined };
}

async function announcedUrl(dataFolder: string): Promise<string> {
  const file = join(dataFolder, 'service.json');
  const text = await readIfThere(file);
  if (text === undefined) {
    throw new AwayError(
      `no service runs here (there is no ${file}): start one by "npm start", or name one by --url or RULE_WEBHOOKS_URL`,
      true,
    );
  }
  let announced: unknown;
  try {
    announced = (JSON.parse(text) as { url?: unknown } | null)?.url;
  } catch {
    announced = undefined;
  }
  return checkedUrl(typeof announced === 'string' ? announced : '', file);
}

function checkedUrl(text: string, where: string): string {
  const url = parseUrl(text);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new BadInputError(`${where}: must be the http(s) address of a service`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new BadInputError(`${where}: must not contain a user or password`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

/** @param ofThisMachine otherwise the key in the data folder is another service's, and is not sent there */
async function findKey(
  { keyFile }: ServiceOptions,
  settings: Settings,
  dataFolder: string,
  ofThisMachine: boolean,
): Promise<string> {
  if (keyFile !== undefined) {
    const key = await readIfThere(resolve(keyFile));
    if (key === undefined) throw new BadInputError(`${keyFile}: there is no such file`);
    return checkedKey(key, keyFile);
  }
  if (settings.key !== undefined) return checkedKey(settings.key, 'RULE_WEBHOOKS_API_KEY');
  const file = join(dataFolder, 'admin-key');
  const key = ofThisMachine ? await readIfThere(file) : undefined;
  if (key !== undefined) return checkedKey(key, file);
  const tried = ofThisMachine ? ` (there is no ${file})` : '';
  throw new BadInputError(`no API key${tried}: name one by --key-file or RULE_WEBHOOKS_API_KEY`);
}

/** The key itself is never shown, not even a wrong one. */
function checkedKey(text: string, where: string): string {
  const key = text.trim();
  if (!/^[\x21-\x7e]+$/.test(key)) throw new BadInputError(`${where}: is not an API key`);
  return key;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new BadInputError(`${file}: cannot be read: ${message}`);
  }
}
