import { useInfiniteQuery } from '@tanstack/preact-query';
import { apiKeysQuery } from '../api/api-keys';
import { useMay, useSession } from '../session-context';

/** Who did something: the name of an API key, for those who may see it; else what the audit log calls them. */
export function Actor({ actor }: { actor: string }) {
  const { key } = useSession();
  const mayAdminister = useMay('administer');
  const id = /^key\/(.+)$/.exec(actor)?.[1];
  const { data } = useInfiniteQuery({ ...apiKeysQuery, enabled: id !== undefined && mayAdminister });
  const keys = [key, ...(data?.pages.flatMap(({ items }) => items) ?? [])];
  const name = keys.find((each) => each.id === id)?.name;
  return <span title={actor}>{name ?? actor}</span>;
}
