import { BASE } from '../base';
import { ApiProblem, problemOf, ServiceAway } from './problem';

export interface CallOptions {
  query?: Record<string, string | number | boolean | undefined | null>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** What proves that a change comes from this page. Known once somebody is signed in. */
let csrfToken = '';
let onSignedOut: () => void = () => undefined;

/** Has later calls made for this session. @param signedOut is called when the service does not know it any more */
export function callWithin(token: string, signedOut: () => void): void {
  csrfToken = token;
  onSignedOut = signedOut;
}

/**
 * Calls the service's API.
 *
 * @throws ApiProblem when it refuses, ServiceAway when it does not answer
 */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const response = await callForResponse(method, path, options);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** The same, where the answer's headers are wanted too. */
export async function callForResponse(
  method: string,
  path: string,
  { query, body, headers, signal }: CallOptions = {},
): Promise<Response> {
  const isWrite = method !== 'GET';
  let response: Response;
  try {
    response = await fetch(BASE + withQuery(path, query), {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(isWrite && { 'x-csrf-token': csrfToken }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ServiceAway();
  }
  if (response.ok) return response;
  if (response.status === 401 && csrfToken !== '') {
    // Once: who is signed in is asked anew, and that is answered with 401 too.
    csrfToken = '';
    onSignedOut();
  }
  throw await problemOf(response);
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 404;
}

/** Leaves out what is absent. */
function withQuery(path: string, query: CallOptions['query'] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}
