import { setImmediate as nextTurn } from 'node:timers/promises';
import { groupKey } from '../rules/groups';
import type { RulebookDocument } from '../rules/rulebook-document';
import type { ChangeUnderWay } from './changes';
import { readSeverities, writeSeverities } from './issue-types';
import { findPortfolio, putMembers, writePortfolio } from './portfolio-writes';
import { findRules, saysTheSame, writeRules, type RuleWrite } from './rule-writes';
import { resolveNames, scorecardNamed, writeScorecards } from './scorecard-writes';
import type { ScorecardCounts, ScorecardInput } from './scorecard-writes';
import type { ApplyResult } from './store';

/** Rules that are compared before the process does other things. */
const RULES_IN_A_TURN = 50;

/** Applies a document within a change: what rules refer to comes before them. @throws UnknownReferenceError */
export async function applyDocument(
  underWay: ChangeUnderWay,
  document: RulebookDocument,
): Promise<ApplyResult> {
  const severities = await readSeverities(underWay.tx, underWay.workspace);
  await writeSeverities(underWay, { ...severities, ...document.issue_types });
  const scorecards = await applyScorecards(underWay, document.scorecards);
  const portfolios: ApplyResult['portfolios'] = [];
  for (const portfolio of document.portfolios) portfolios.push(await applyPortfolio(underWay, portfolio));
  const rules = await applyRules(underWay, document);
  return { rules, scorecards, portfolios };
}

async function applyScorecards(
  underWay: ChangeUnderWay,
  { mine, followed }: RulebookDocument['scorecards'],
): Promise<ScorecardCounts> {
  const known = await resolveNames(underWay.tx, underWay.workspace, [...mine, ...followed]);
  const named = (name: string): ScorecardInput => {
    const key = known.get(groupKey(name));
    if (key !== undefined) return { id: key };
    const { id, domain } = scorecardNamed(name);
    return { id, domain };
  };
  const counts = await writeScorecards(underWay, [
    ...mine.map((name) => ({ ...named(name), mine: true })),
    ...followed.map((name) => ({ ...named(name), followed: true })),
  ]);
  if (counts.created + counts.updated > 0) {
    underWay.audit('scorecards.imported', { type: 'scorecards', id: 'apply' }, { ...counts });
  }
  return counts;
}

async function applyPortfolio(
  underWay: ChangeUnderWay,
  { id, name, scorecards }: RulebookDocument['portfolios'][number],
): Promise<ApplyResult['portfolios'][number]> {
  const row = await findPortfolio(underWay.tx, underWay.workspace, id);
  const there = row?.deleted === 0 ? row : undefined;
  const nameNow = name ?? there?.name ?? null;
  // Scorecards can only be put into what is there.
  const created = there ?? (await writePortfolio(underWay, row, { id, name: nameNow, deleted: 0 }));
  const members =
    scorecards.length === 0
      ? { added: 0, removed: 0 }
      : await putMembers(underWay, id, scorecards, { only: true });
  const subject = { type: 'portfolio', id };
  if (there === undefined) {
    underWay.audit('portfolio.created', subject, { to: created.version, ...members });
    return { id, outcome: 'created' };
  }
  if (there.name === nameNow && members.added + members.removed === 0) return { id, outcome: 'unchanged' };
  const written = await writePortfolio(underWay, there, { id, name: nameNow, deleted: 0 });
  underWay.audit('portfolio.updated', subject, { to: written.version, ...members });
  return { id, outcome: 'updated' };
}

async function applyRules(
  underWay: ChangeUnderWay,
  { rules, sources }: RulebookDocument,
): Promise<ApplyResult['rules']> {
  const rows = await findRules(
    underWay.tx,
    underWay.workspace,
    rules.map(({ id }) => id),
  );
  const writes: RuleWrite[] = [];
  for (const [index, document] of sources.entries()) {
    const id = rules[index]?.id ?? '';
    const row = rows.get(id);
    if (index % RULES_IN_A_TURN === 0) await nextTurn();
    if (row?.deleted === 0 && saysTheSame(row, document)) continue;
    writes.push({ row, id, document, at: `rules[${index}].` });
  }
  const versions = new Map((await writeRules(underWay, writes)).map(({ id, version }) => [id, version]));
  return rules.map(({ id }) => {
    const row = rows.get(id);
    const version = versions.get(id);
    if (version === undefined) return { id, outcome: 'unchanged', version: row?.version ?? 0 };
    return { id, outcome: row?.deleted === 0 ? 'updated' : 'created', version };
  });
}
