import type { ProblemBody } from '../../api/problem';

/** An answer of the service that says why it did not do what was asked. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    /** What is wrong in the request, each with its field's path. */
    readonly errors: ProblemBody['errors'],
    detail: string,
    readonly requestId: string | undefined,
  ) {
    super(detail);
  }
}

/** The service did not answer at all. */
export class ServiceAway extends Error {
  override readonly name = 'ServiceAway';

  constructor() {
    super('The service does not answer. Is it running, and is this machine connected to it?');
  }
}

/** Reads an answer that is no success. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const body = await readBody(response);
  return new ApiProblem(
    response.status,
    body.errors ?? [],
    body.detail ?? `The service answered ${response.status} ${response.statusText}.`,
    body.request_id,
  );
}

async function readBody(response: Response): Promise<Partial<ProblemBody>> {
  try {
    return (await response.json()) as Partial<ProblemBody>;
  } catch {
    // A proxy in between has its own pages.
    return {};
  }
}

/** What to tell people of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
