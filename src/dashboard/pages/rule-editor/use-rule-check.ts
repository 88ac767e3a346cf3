import { keepPreviousData, useQuery } from '@tanstack/preact-query';
import { useEffect, useState } from 'preact/hooks';
import type { JsonObject } from '../../../shared/json';
import { ruleCheckQuery } from '../../api/rules';
import type { FieldProblem } from '../../rules/problems';

/** From the last key that is typed to the check. Milliseconds. */
const TYPING_MS = 350;

export interface RuleCheck {
  problems: readonly FieldProblem[];
  /** The problems are of an earlier state of the rule. */
  isChecking: boolean;
  /** Why it could not be checked. */
  error: Error | null;
}

/** What the service finds wrong with a rule as it is being written. */
export function useRuleCheck(document: JsonObject, isNew: boolean): RuleCheck {
  const [settled, setSettled] = useState(document);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(document);
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [document]);
  const { data, error, isFetching } = useQuery({
    ...ruleCheckQuery(settled, isNew),
    placeholderData: keepPreviousData,
  });
  return { problems: data ?? [], isChecking: isFetching || settled !== document, error };
}
