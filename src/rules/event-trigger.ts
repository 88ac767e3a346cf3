import type { Evaluation } from './evaluation';
import type { IncomingEvent } from './event';
import { fitsPattern } from './event-pattern';
import { compileFilter } from './filter';
import { whyNot } from './filter-reason';
import type { Filter } from './filter-schema';
import type { EventRule } from './rule';

/** Compiled when they are first needed: most filters wait for events that seldom come. */
const compiled = new WeakMap<Filter, ReturnType<typeof compileFilter>>();

function holds(filter: Filter, value: Parameters<ReturnType<typeof compileFilter>>[0]): boolean {
  const test = compiled.get(filter) ?? compileFilter(filter);
  compiled.set(filter, test);
  return test(value);
}

/** Looks whether an event is one that a rule listens to. Its trigger has the event's type and data. */
export function evaluateEvent(listened: EventRule['event'], event: IncomingEvent): Evaluation {
  const { type, filter } = listened;
  const data = 'data' in event ? event.data : {};
  const trigger = { type: event.type, data };
  // Never scorecard.changed, which `*` would otherwise cover: such events have their own rules.
  if (!('data' in event) || !fitsPattern(type, event.type)) {
    return { fires: false, reason: `the rule listens to ${type}, and this is ${event.type}`, trigger };
  }
  if (filter !== undefined && !holds(filter, data)) {
    return {
      fires: false,
      // Only when somebody asks: it takes far longer than the filter itself.
      get reason() {
        return `data.${whyNot(filter, data) ?? ''}`;
      },
      trigger,
    };
  }
  return { fires: true, reason: `${event.type} came in`, trigger };
}
