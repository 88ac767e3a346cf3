import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { uncallableSteps } from '../destinations/uncallable';
import type { UrlCheck } from '../destinations/url-check';
import { MAX_DOCUMENT_BYTES, parseRulebookDocument } from '../rules/rulebook-document';
import { RulebookError, cannotBeRead } from '../rules/rulebook-error';
import { DEFAULT_WORKSPACE } from '../shared/ids';
import { UnknownReferenceError } from '../store/errors';
import type { Store } from '../store/store';

/** The fact under which the store remembers which text of the file was applied last. */
const APPLIED = 'rules-file';

/**
 * Applies the rules file to the default workspace, when its text is not the one that was applied last: so what people
 * edit over the API stays until the file itself is edited.
 *
 * @returns what it came to, for people
 * @throws RulebookError; nothing was applied then
 */
export async function applyRulesFile(
  { store, urlCheck }: { store: Store; urlCheck: UrlCheck },
  file: string,
): Promise<string> {
  const text = await readText(file);
  const hash = createHash('sha256').update(text).digest('hex');
  if ((await store.facts.get(APPLIED)) === hash) return `${file} is as it was applied last`;
  const { document, source } = parseRulebookDocument(text, file);
  const isBareRule = document.sources[0] === source;
  const uncallable = await uncallableSteps(
    urlCheck,
    document.sources.map((rule, index) => ({ at: isBareRule ? [] : ['rules', index], document: rule })),
  );
  if (uncallable.length > 0) throw new RulebookError(uncallable.map((problem) => ({ file, ...problem })));
  const change = { workspace: DEFAULT_WORKSPACE, actor: 'start' };
  try {
    const { rules } = await store.apply(change, document, { dryRun: false });
    await store.facts.set(APPLIED, hash);
    const count = (outcome: string) => rules.filter((rule) => rule.outcome === outcome).length;
    return `${file} applied: ${count('created')} created, ${count('updated')} updated, ${count('unchanged')} unchanged`;
  } catch (error) {
    if (!(error instanceof UnknownReferenceError)) throw error;
    throw new RulebookError([{ file, path: error.path, message: error.message }]);
  }
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size <= MAX_DOCUMENT_BYTES) return await readFile(file, 'utf8');
  } catch (error) {
    throw cannotBeRead(file, error as NodeJS.ErrnoException);
  }
  throw new RulebookError([{ file, path: '', message: 'is larger than 1 MB' }]);
}
