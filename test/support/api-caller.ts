/** An answer of the API, with its body parsed. */
export interface Answered<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
}

/** What POST /v1/events answers. */
export interface AcceptedAnswer {
  event_id: string;
  duplicate: boolean;
  state: 'started' | 'on_its_way';
  matched: number;
  executions: { execution_id: string; workflow_id: string; rule_id: string; reason: string }[];
}

/** An answer in which each line is a JSON value. */
function linesOf(text: string): unknown[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as unknown);
}

/** A caller of the API with a key of its own. */
export class ApiCaller {
  constructor(
    readonly url: string,
    readonly key: string,
  ) {}

  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered<Body>> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isLines = response.headers.get('content-type')?.startsWith('application/x-ndjson') === true;
    const parsed = isLines ? linesOf(text) : text === '' ? {} : (JSON.parse(text) as unknown);
    return { status: response.status, headers: response.headers, body: parsed as Body };
  }

  get<Body = Record<string, unknown>>(path: string): Promise<Answered<Body>> {
    return this.call('GET', path);
  }

  event(event: object): Promise<Answered<AcceptedAnswer>> {
    return this.call('POST', '/v1/events', event);
  }

  /** Every item of a list, page by page. */
  async all<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await this.get<{ items: Item[]; next_cursor: string | null }>(
        `${path}${path.includes('?') ? '&' : '?'}limit=200${from}`,
      );
      if (page.status !== 200) throw new Error(`${path}: ${page.status} ${JSON.stringify(page.body)}`);
      items.push(...page.body.items);
      cursor = page.body.next_cursor;
    }
    return items;
  }
}
