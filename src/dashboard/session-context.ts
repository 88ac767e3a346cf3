import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session } from './api/session';

const Context = createContext<Session | undefined>(undefined);

export const SessionProvider = Context.Provider;

/** Who is signed in, on the pages that nobody else sees. */
export function useSession(): Session {
  const session = useContext(Context);
  if (session === undefined) throw new Error('this is for pages of those who are signed in');
  return session;
}

/** Whether who is signed in may do something. Routes check it again: this decides what is shown. */
export function useMay(scope: Session['scopes'][number]): boolean {
  return useSession().scopes.includes(scope);
}
