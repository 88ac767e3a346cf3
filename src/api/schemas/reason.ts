import { lineOfText } from '../../rules/text';
import { MAX_REASON_LENGTH } from '../../shared/limits';

/** Why somebody does something: goes into the audit log. */
export const reason = lineOfText(MAX_REASON_LENGTH);
