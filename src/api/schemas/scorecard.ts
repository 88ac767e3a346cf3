import { z } from 'zod';
import { idParam } from './ids';
import { ignoredStamps, stamps, stampsOf } from './stamps';
import { lineOfText } from '../../rules/text';
import { MAX_SCORECARD_LENGTH } from '../../shared/limits';
import type { Stamped } from '../../store/record';
import type { Scorecard } from '../../store/scorecard-store';

export const scorecardId = lineOfText(MAX_SCORECARD_LENGTH);
const domain = lineOfText(MAX_SCORECARD_LENGTH).toLowerCase().nullable();

/** A scorecard as a member of a portfolio is shown. */
export const bareScorecard = z
  .object({ id: z.string(), domain: z.string().nullable(), mine: z.boolean(), followed: z.boolean() })
  .meta({ id: 'PortfolioScorecard' });

export const scorecard = z
  .object({ ...bareScorecard.shape, ...stamps })
  .meta({ id: 'Scorecard', description: 'What rules watch: a company by its id, and its domain.' });

/** What is absent is as on the first day: no domain, not mine, not followed. */
export const scorecardBody = z.strictObject({
  id: idParam.optional(),
  domain: domain.default(null),
  mine: z.boolean().default(false),
  followed: z.boolean().default(false),
  ...ignoredStamps,
});

/** What is absent stays as it is. */
export const importedScorecard = z.strictObject({
  id: scorecardId,
  domain: domain.optional(),
  mine: z.boolean().optional(),
  followed: z.boolean().optional(),
});

export function scorecardAnswer({
  id,
  domain,
  mine,
  followed,
  ...stamped
}: Scorecard & Stamped): z.input<typeof scorecard> {
  return { id, domain, mine, followed, ...stampsOf(stamped) };
}
