import { queryOptions, type QueryClient } from '@tanstack/preact-query';
import { call } from './client';

/** Who is signed in. */
export interface Session {
  key: { id: string; name: string };
  role: 'admin' | 'editor' | 'viewer';
  /** What the key may do. */
  scopes: readonly ('read' | 'send' | 'write' | 'administer' | 'operate' | 'decode' | 'encode')[];
  workspace: string;
  csrf_token: string;
  /** Of the program. */
  version: string;
  /** Where Temporal's own pages are; null: nobody has said. */
  temporal_ui: string | null;
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => call<Session>('GET', '/session', { signal }),
  staleTime: Infinity,
  retry: false,
});

/** With an API key, or with what a one-time link carries. @throws ApiProblem when it is not valid */
export function signIn(by: { key: string } | { token: string }): Promise<Session> {
  return call('POST', '/session', { body: by });
}

export function signOut(): Promise<void> {
  return call('DELETE', '/session');
}

/** Forgets all that was read in a session, and asks anew who is signed in. */
export function leaveSession(queries: QueryClient): void {
  const [session] = sessionQuery.queryKey;
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== session });
  void queries.resetQueries({ queryKey: sessionQuery.queryKey });
}
