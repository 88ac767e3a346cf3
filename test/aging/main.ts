/**
 * `npm run test:aging -- --help`: a service with shortened schedules under the traffic of a day, and whether what it holds stays the
 * same. docs/aging-and-fuzzing.md has more.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { oneOf, positive, runTool, wordsOf } from '../support/tool';
import { liveThrough } from './day';
import { embedded } from './subjects/embedded';
import { postgres } from './subjects/postgres';
import { verdictOf } from './verdict';

const USAGE = `usage: npm run test:aging [-- options]
  --server NAME   embedded | postgres; embedded unless told
  --minutes N     how long; 10 unless told
  --events N      how many in all; 12 in a second unless told
  --leak KIND     memory | timers | sockets | rows: one is planted, to see that it is found
  --out FILE      where to write all that was measured, as JSON
Ends with 1 when something grows, or executions pile up.`;

/** On which servers, as the benchmarks have them. */
const SUBJECTS = { embedded, postgres };
const SERVERS = ['embedded', 'postgres'] as const;

const LEAKS = ['memory', 'timers', 'sockets', 'rows'];

const SECONDS_PER_DAY = 86_400;
const EVENTS_PER_SECOND = 12;

runTool(USAGE, async ({ print }) => {
  const { values } = wordsOf(() =>
    parseArgs({
      options: {
        server: { type: 'string', default: 'embedded' },
        minutes: { type: 'string', default: '10' },
        events: { type: 'string' },
        leak: { type: 'string' },
        out: { type: 'string' },
      },
    }),
  );
  const start = SUBJECTS[oneOf('server', SERVERS, values.server)];
  const leak = values.leak === undefined ? undefined : oneOf('leak', LEAKS, values.leak);
  const seconds = positive('--minutes', values.minutes) * 60;
  const events = positive('--events', values.events ?? String(Math.round(seconds * EVENTS_PER_SECOND)));
  print(
    `${events} events within ${values.minutes} min: a day of one each ${(SECONDS_PER_DAY / events).toFixed(1)} s`,
  );
  const day = await liveThrough({ start, events, ms: seconds * 1_000, leak });
  if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(day));
  const { isWell, lines } = verdictOf(day);
  lines.forEach(print);
  return isWell ? 0 : 1;
});
