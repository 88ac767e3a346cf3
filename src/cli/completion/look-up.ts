import { ApiClient, apiPath } from '../http';
import { findService } from '../service-address';
import type { Settings } from '../settings';
import type { Candidate, LookUp } from './candidates';

/** Somebody waits with a finger on the key. Milliseconds. */
const TIME_LIMIT_MS = 1_500;

type Item = Readonly<Record<string, string | null | undefined>>;

/** Where each kind of thing is listed, and how one of them is named and described. */
const KINDS: Readonly<Record<string, { path: string; id: string; description: string }>> = {
  rule: { path: 'rules', id: 'id', description: 'name' },
  portfolio: { path: 'portfolios', id: 'id', description: 'name' },
  scorecard: { path: 'scorecards', id: 'id', description: 'domain' },
  member: { path: 'members', id: 'id', description: 'name' },
  'event-type': { path: 'event-types', id: 'name', description: 'description' },
  destination: { path: 'destinations', id: 'origin', description: 'auth' },
  credential: { path: 'credentials', id: 'id', description: 'name' },
  channel: { path: 'channels', id: 'id', description: 'name' },
  'key-id': { path: 'api-keys', id: 'id', description: 'name' },
  execution: { path: 'executions', id: 'execution_id', description: 'status' },
};

/** Looks ids up in the service. Finds none when anything is in the way: a completion has no place for an error. */
export function lookUpWith(settings: Settings): LookUp {
  return async (kind, given) => {
    const listed = KINDS[kind];
    if (listed === undefined) return [];
    const options = {
      url: given.get('--url'),
      keyFile: given.get('--key-file'),
      dataDir: given.get('--data-dir'),
    };
    try {
      const api = new ApiClient(await findService(options, settings), AbortSignal.timeout(TIME_LIMIT_MS));
      const candidates: Candidate[] = [];
      let cursor: string | undefined;
      do {
        const page = await api.get<{ items: Item[]; next_cursor: string | null }>(apiPath(listed.path), {
          limit: 200,
          cursor,
        });
        for (const item of page.items) {
          candidates.push({
            value: item[listed.id] ?? '',
            description: item[listed.description] ?? '',
          });
        }
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined && candidates.length < 1_000);
      return candidates;
    } catch {
      return [];
    }
  };
}
