import { useQuery } from '@tanstack/preact-query';
import type { JsonObject } from '../../shared/json';
import { portfoliosQuery } from '../api/rule-choices';
import { ruleSentence } from './sentence';

/** Tells rules as sentences, with the names of portfolios as soon as they are known. */
export function useSentence(): (document: JsonObject) => string {
  const { data: portfolios = [] } = useQuery(portfoliosQuery);
  const names = new Map(portfolios.map(({ id, name }) => [id, name]));
  return (document) => ruleSentence(document, (id) => names.get(id) ?? id);
}
