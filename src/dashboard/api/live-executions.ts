import { useQueryClient, type InfiniteData } from '@tanstack/preact-query';
import { useEffect, useState } from 'preact/hooks';
import { BASE } from '../base';
import type { ExecutionSummary, Page } from './types';

type Change = { kind: 'changed'; executions: ExecutionSummary[]; more: boolean } | { kind: 'away' | 'back' };
type Pages = InfiniteData<Page<ExecutionSummary>, string | null>;

export type Connection = 'connecting' | 'live' | 'away';

/**
 * Keeps the lists and executions that are shown as the service has them: what is shown changes in place, and lists that may
 * have become longer are read again.
 */
export function useLiveExecutions(): Connection {
  const queries = useQueryClient();
  const [connection, setConnection] = useState<Connection>('connecting');
  useEffect(() => {
    const source = new EventSource(`${BASE}/v1/executions/changes`);
    const readAgain = () => {
      void queries.invalidateQueries({ queryKey: ['executions'] });
      void queries.invalidateQueries({ queryKey: ['execution'] });
    };
    source.onopen = () => {
      setConnection('live');
      // What changed while nobody listened.
      readAgain();
    };
    source.onerror = () => {
      setConnection('connecting');
    };
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const change = JSON.parse(data) as Change;
      if (change.kind !== 'changed') {
        setConnection(change.kind === 'away' ? 'away' : 'live');
        if (change.kind === 'back') readAgain();
        return;
      }
      const changed = new Map(change.executions.map((one) => [one.execution_id, one]));
      for (const id of changed.keys()) void queries.invalidateQueries({ queryKey: ['execution', id] });
      for (const [key, pages] of queries.getQueriesData<Pages>({ queryKey: ['executions'] })) {
        if (pages === undefined) continue;
        const shown = new Set(pages.pages.flatMap(({ items }) => items.map(({ execution_id: id }) => id)));
        queries.setQueryData<Pages>(key, {
          ...pages,
          pages: pages.pages.map((page) => ({
            ...page,
            items: page.items.map((item) => changed.get(item.execution_id) ?? item),
          })),
        });
        if (change.more || [...changed.keys()].some((id) => !shown.has(id))) {
          void queries.invalidateQueries({ queryKey: key });
        }
      }
      void queries.invalidateQueries({ queryKey: ['outcomes'] });
    };
    return () => {
      source.close();
    };
  }, [queries]);
  return connection;
}
