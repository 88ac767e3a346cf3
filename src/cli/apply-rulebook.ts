import type { Readable } from 'node:stream';
import type { Applied } from './api-types';
import { apiPath, type ApiClient } from './http';
import { readYaml } from './input';
import { mergeRulebooks, type MergedRulebook, type RulebookFile } from './rulebook-files';

/** As large as the API lets a document be. Bytes. */
const MAX_DOCUMENT_BYTES = 1_048_576;

/** Reads files of rules and groups. @throws BadInputError */
export async function readRulebooks(files: readonly string[], stdin: Readable): Promise<MergedRulebook> {
  const read: RulebookFile[] = [];
  for (const file of files) read.push({ file, source: await readYaml(file, stdin, MAX_DOCUMENT_BYTES) });
  return mergeRulebooks(read);
}

/** Applies it, all of it or nothing. @throws CommandError that names the place in its file of each problem */
export async function applyRulebook(
  api: ApiClient,
  { document, locate }: MergedRulebook,
  dryRun: boolean,
): Promise<Applied> {
  const { body } = await api.request<Applied>('PUT', apiPath('rules'), {
    json: document,
    query: { dry_run: dryRun || undefined },
    locate,
  });
  return body;
}
