import type { FastifySchema, RouteOptions } from 'fastify';
import { z } from 'zod';
import { isOfDefaultWorkspace, rolesOf, type Access } from './auth';
import { problems } from './problem';

/** A query that has nothing in it: what is not known is an error everywhere. */
const NO_QUERY = z.strictObject({});

/**
 * Adds to a route what every route has: the answers with which any may fail, who may use it, and that a query that it does
 * not know is refused. @throws Error when the route does not say who may use it
 */
export function completeOperation(route: RouteOptions): void {
  const access = route.config?.access;
  if (access === undefined) {
    throw new Error(`${String(route.method)} ${route.url}: the route does not say who may use it`);
  }
  if (route.schema?.hide === true) return;
  route.schema = {
    querystring: NO_QUERY,
    ...route.schema,
    ...accessDocumentation(access, route.schema?.description),
    response: { ...problems(...commonStatuses(route, access)), ...(route.schema?.response as object) },
  } satisfies FastifySchema;
}

function accessDocumentation(access: Access, description?: string) {
  const roles = rolesOf(access);
  if (roles === undefined) return { security: [] };
  const ofDefault = isOfDefaultWorkspace(access);
  const needed = `Roles: ${roles.join(', ')}${ofDefault ? ', of the default workspace' : ''}.`;
  return {
    security: [{ apiKey: [] }],
    description: description === undefined ? needed : `${description}\n\n${needed}`,
    'x-roles': roles,
    ...(ofDefault && { 'x-default-workspace-only': true }),
  };
}

/** How a route may fail whatever it does. */
function commonStatuses({ method, url, config }: RouteOptions, access: Access): number[] {
  const hasBody = !['GET', 'HEAD'].includes(String(method));
  return [
    ...(hasBody || url.includes(':') ? [400] : []),
    ...(hasBody ? [413, 415] : []),
    ...(access === 'public' ? [] : [401, 403, 503]),
    422,
    ...(config?.rateLimit === false ? [] : [429]),
  ];
}
