import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const PREFIX = 'rule_webhooks_';

/** A call takes 5 s at most. Seconds. */
const CALL_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** From the way through Temporal to an outage of a day. Seconds. */
const LAG_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1_800, 7_200, 86_400];

/** There are as many series of each as there are routes, so they are few. Seconds. */
const REQUEST_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5];

export const EVENT_OUTCOMES = ['accepted', 'duplicate', 'rejected'] as const;
export const ATTEMPT_OUTCOMES = ['delivered', 'failed'] as const;
export const SENT_OUTCOMES = ['sent', 'failed'] as const;
export const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx', 'none'] as const;
export const HOLD_CAUSES = ['rule_paused', 'destination_disabled', 'circuit_open'] as const;
export const TOLD_OF = ['escalation', 'digest', 'disabled', 'recovered'] as const;
export const SOURCES = ['temporal', 'store', 'sdk'] as const;

export type Source = (typeof SOURCES)[number];

/**
 * All that we count and measure, each by the name that `docs/metrics.md` lists it by. Labels have few values: no workspace,
 * rule, URL or id is one. Counters whose labels are known begin at 0, so that the first one counts in a rate.
 */
export function createInstruments(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name: PREFIX + name, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name: PREFIX + name, help, labelNames, registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    { labelNames = [], buckets }: { labelNames?: readonly Label[]; buckets: number[] },
  ) => new Histogram({ name: PREFIX + name, help, labelNames, buckets, registers });

  const instruments = {
    events: counter('events_total', 'Events that were posted', ['outcome']),
    eventsPending: gauge('events_pending', 'Accepted events that are not handed to Temporal after 5 s'),
    attempts: counter('attempts_total', 'Attempts of webhooks', ['outcome', 'status_class']),
    attemptDuration: histogram('attempt_duration_seconds', "Calls, from sending to the answer's end", {
      labelNames: ['outcome'],
      buckets: CALL_SECONDS,
    }),
    held: counter('held_total', 'Looks of an attempt that ended in a hold', ['reason']),
    scheduleLag: histogram('schedule_lag_seconds', 'How late calls began after they were due', {
      buckets: LAG_SECONDS,
    }),
    started: counter('executions_started_total', 'Executions that this process started'),
    executions: gauge('executions', 'Executions that Temporal has', ['status']),
    underWay: gauge('calls_under_way', 'Calls, mails and batches that have room'),
    waiting: gauge('calls_waiting_for_room', 'Calls, mails and batches that wait for room'),
    mails: counter('mails_total', 'Mails that were sent, or could not be', ['kind', 'outcome']),
    notices: counter('notices_total', 'Messages to channels', ['kind', 'outcome']),
    destinations: gauge('destinations', 'Destinations', ['standing']),
    requests: counter('http_requests_total', 'Requests to the API', ['method', 'route', 'status_class']),
    requestDuration: histogram('http_request_duration_seconds', "Requests, to the answer's end", {
      labelNames: ['method', 'route'],
      buckets: REQUEST_SECONDS,
    }),
    scrapeErrors: counter('scrape_errors_total', 'Figures that could not be read for a scrape', ['source']),
  };
  for (const outcome of EVENT_OUTCOMES) instruments.events.inc({ outcome }, 0);
  for (const reason of HOLD_CAUSES) instruments.held.inc({ reason }, 0);
  for (const source of SOURCES) instruments.scrapeErrors.inc({ source }, 0);
  for (const kind of TOLD_OF) {
    for (const outcome of SENT_OUTCOMES) {
      instruments.mails.inc({ kind, outcome }, 0);
      instruments.notices.inc({ kind, outcome }, 0);
    }
  }
  // Contract: 20x alone is delivered.
  instruments.attempts.inc({ outcome: 'delivered', status_class: '2xx' }, 0);
  for (const status_class of STATUS_CLASSES) instruments.attempts.inc({ outcome: 'failed', status_class }, 0);
  // Until they are read, nobody knows.
  instruments.eventsPending.remove();
  instruments.underWay.remove();
  instruments.waiting.remove();
  return instruments;
}

export type Instruments = ReturnType<typeof createInstruments>;

/** E.g. `5xx`; `none` when there was no status. */
export function statusClass(status: number | undefined): string {
  return status === undefined ? 'none' : `${Math.floor(status / 100)}xx`;
}
