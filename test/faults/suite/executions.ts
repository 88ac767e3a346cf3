import { setTimeout as delay } from 'node:timers/promises';
import type { FoundExecution } from './ledgers';

/** Milliseconds. */
const LOOK_AGAIN_MS = 1_000;

const OPEN = 'delivering,waiting_for_retry,held,paused,escalating';

interface ExportedExecution {
  execution_id: string;
  rule: { id: string };
  event: { id: string | null };
  status: string;
  ended_at: string | null;
  steps: { attempts: { started_at: string | null; duration_ms: number | null; status: number | null }[] }[];
}

/** The service's API, by no way that a fault can touch. */
export class ServiceApi {
  constructor(private readonly reach: () => { url: string; key: string }) {}

  async put(path: string, body: object): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const answer = await this.request(path, { method: 'PUT', headers, body: JSON.stringify(body) });
    await answer.text();
  }

  /** Waits until no execution goes on. @returns false when some still do at `deadline`. Milliseconds since 1970 */
  async untilAllEnded(deadline: number): Promise<boolean> {
    while (Date.now() < deadline) {
      const open = await this.request(`/v1/executions?limit=1&status=${OPEN}`).catch(() => undefined);
      const page = (await open?.json()) as { items: unknown[] } | undefined;
      if (page?.items.length === 0) return true;
      await delay(LOOK_AGAIN_MS);
    }
    return false;
  }

  /** Every execution, as its record has it. */
  async executions(): Promise<FoundExecution[]> {
    const text = await (await this.request('/v1/executions/export?detail=true')).text();
    const lines = text.split('\n').filter((line) => line !== '');
    const found = lines.map((line) => foundExecution(JSON.parse(line) as ExportedExecution));
    return [...new Map(found.map((each) => [each.id, each])).values()];
  }

  private async request(
    path: string,
    { headers = {}, ...init }: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Response> {
    const { url, key } = this.reach();
    const response = await fetch(url + path, {
      ...init,
      headers: { ...headers, authorization: `Bearer ${key}` },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}

function foundExecution(exported: ExportedExecution): FoundExecution {
  const { execution_id: id, rule, event, status, ended_at: endedAt, steps } = exported;
  return {
    id,
    ruleId: rule.id,
    eventId: event.id ?? '',
    status,
    endedAt: endedAt === null ? undefined : Date.parse(endedAt),
    steps: steps.map(({ attempts }) =>
      attempts.map((attempt) => ({
        startedAt: Date.parse(attempt.started_at ?? ''),
        durationMs: attempt.duration_ms ?? 0,
        status: attempt.status ?? undefined,
      })),
    ),
  };
}
