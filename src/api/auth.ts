import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { hashOfApiKey, idOfApiKey } from './api-key';
import { RequestProblem } from './problem';
import { DEFAULT_WORKSPACE } from '../shared/ids';
import type { ApiKeys, Role } from '../store/api-key-store';
import type { Change } from '../store/record';

/**
 * What a route asks of a key:
 * - `public`: there need not be one;
 * - `send`: posting events;
 * - `read`, `write`: seeing and changing what the workspace has;
 * - `administer`: keys and the audit log of the workspace;
 * - `operate`: the workspaces themselves, for the admins of the default one;
 * - `decode`, `encode`: Temporal's payloads, which are of all workspaces, for keys of the default one;
 * - `decode-only`: the same, for keys that may do nothing else.
 */
export type Access =
  'public' | 'send' | 'read' | 'write' | 'administer' | 'operate' | 'decode' | 'encode' | 'decode-only';

/** Whose request it is. */
export interface Caller {
  keyId: string;
  keyName: string;
  workspace: string;
  role: Role;
  /** The session of the dashboard that it has, instead of the key itself. */
  session?: { token: string; expiresAt: string };
}

const ROLES: Record<Exclude<Access, 'public'>, readonly Role[]> = {
  send: ['admin', 'editor', 'sender'],
  read: ['admin', 'editor', 'viewer'],
  write: ['admin', 'editor'],
  administer: ['admin'],
  operate: ['admin'],
  decode: ['admin', 'editor', 'viewer', 'decoder'],
  encode: ['admin', 'editor'],
  'decode-only': ['decoder'],
};

/** For keys of the default workspace alone. */
const OF_DEFAULT_WORKSPACE: readonly Access[] = ['operate', 'decode', 'encode', 'decode-only'];

/** The roles whose keys may use a route; undefined: no key is needed. */
export function rolesOf(access: Access): readonly Role[] | undefined {
  return access === 'public' ? undefined : ROLES[access];
}

/** Whether keys of the default workspace alone may use a route. */
export function isOfDefaultWorkspace(access: Access): boolean {
  return OF_DEFAULT_WORKSPACE.includes(access);
}

/** The roles that see something, and so may sign in to the dashboard. */
export const SIGNING_IN: readonly Role[] = ROLES.read;

/** All that a caller may do. */
export function scopesOf({ role, workspace }: Pick<Caller, 'role' | 'workspace'>): string[] {
  const accesses = Object.keys(ROLES) as (keyof typeof ROLES)[];
  return accesses.filter(
    (access) =>
      ROLES[access].includes(role) && (workspace === DEFAULT_WORKSPACE || !isOfDefaultWorkspace(access)),
  );
}

/** Compared with when there is no such key, so that this takes as long. */
const NO_HASH = '0'.repeat(64);

/** Whose key an `Authorization` header has; undefined: none that is valid. @throws StoreAwayError */
export async function authenticate(
  keys: Pick<ApiKeys, 'find'>,
  header: string | undefined,
): Promise<Caller | undefined> {
  const key = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
  const id = key && idOfApiKey(key);
  if (!key || !id) return undefined;
  const found = await keys.find(id);
  const matches = isSameHash(hashOfApiKey(key), found?.hash ?? NO_HASH);
  if (!matches || found?.revokedAt !== null) return undefined;
  return { keyId: found.id, keyName: found.name, workspace: found.workspace, role: found.role };
}

function isSameHash(given: string, kept: string): boolean {
  const [a, b] = [Buffer.from(given, 'hex'), Buffer.from(kept, 'hex')];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Lets a request through, or not. @throws RequestProblem 401, 403 */
export function authorise(caller: Caller | undefined, access: Access | undefined): void {
  if (access === 'public') return;
  if (caller === undefined) {
    throw new RequestProblem(
      'unauthenticated',
      'A valid key is needed: "Authorization: Bearer rwk_…". A revoked one is not valid any more. A session that has ' +
        'ended is none either.',
      { headers: { 'www-authenticate': 'Bearer' } },
    );
  }
  // An address that is not there says so to whoever has a key.
  if (access === undefined) return;
  if (!ROLES[access].includes(caller.role)) {
    const roles = ROLES[access].join(', ');
    throw new RequestProblem(
      'forbidden',
      `A key of the role ${caller.role} may not do this; one of ${roles} may.`,
    );
  }
  if (isOfDefaultWorkspace(access) && caller.workspace !== DEFAULT_WORKSPACE) {
    throw new RequestProblem('forbidden', `Only keys of the workspace ${DEFAULT_WORKSPACE} may do this.`);
  }
}

/** Whose request it is, on a route that needs a key. */
export function callerOf({ caller }: Pick<FastifyRequest, 'caller'>): Caller {
  if (caller === undefined) throw new Error('a route that needs a key was reached without one');
  return caller;
}

/** The workspace that a request is about: that of its key, always. */
export function workspaceOf(request: Pick<FastifyRequest, 'caller'>): string {
  return callerOf(request).workspace;
}

/** On whose behalf a request changes something. */
export function changeOf(request: Pick<FastifyRequest, 'caller'>): Change {
  const { workspace, keyId } = callerOf(request);
  return { workspace, actor: `key/${keyId}` };
}
