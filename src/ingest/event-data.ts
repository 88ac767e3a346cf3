import type { IncomingEvent } from '../rules/event';
import { compileEventSchema, type EventDataCheck } from '../rules/event-data-check';
import type { Store } from '../store/store';
import { InvalidEventError } from './event-intake';

/** Compiled schemas kept, in all workspaces together: one takes some tens of kilobytes. */
const MAX_COMPILED = 500;

/** Holds events of the senders' own types to the schema that the workspace has for them, as it is now. */
export class EventDataGuard {
  private readonly compiled = new Map<string, EventDataCheck>();

  constructor(private readonly store: Pick<Store, 'eventTypes'>) {}

  /** @throws InvalidEventError with the path of each problem */
  async check(workspace: string, event: IncomingEvent): Promise<void> {
    if (!('data' in event)) return;
    const type = await this.store.eventTypes.get(workspace, event.type);
    if (type?.schema == null) return;
    const key = JSON.stringify([workspace, type.name, type.version, type.createdAt]);
    const schema = this.compiled.get(key) ?? compileEventSchema(type.schema);
    this.keep(key, schema);
    const problems = schema.check(event.data);
    if (problems.length > 0) throw new InvalidEventError(problems);
  }

  /** The least recently used one goes. */
  private keep(key: string, schema: EventDataCheck): void {
    this.compiled.delete(key);
    this.compiled.set(key, schema);
    const [oldest] = this.compiled.keys();
    if (this.compiled.size > MAX_COMPILED && oldest !== undefined) this.compiled.delete(oldest);
  }
}
