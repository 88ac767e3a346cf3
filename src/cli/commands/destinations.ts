import { Option, type Command } from 'commander';
import type {
  CalledDestination,
  CallStatistics,
  Destination,
  DestinationSettings,
  SigningKey,
} from '../api-types';
import type { Cli } from '../cli';
import { AwayError, BadInputError } from '../errors';
import { apiPath, type ApiClient } from '../http';
import { readSecret } from '../input';
import { showList, withPages, type PageOptions } from '../listing';
import { decimal, integer } from '../options';
import type { Column } from '../table';
import { cleanLine } from '../text';
import { age, until } from '../times';

const columns: Column<CalledDestination>[] = [
  { title: 'DESTINATION', value: ({ origin }) => origin, color: () => 'cyan', shrinks: true },
  { title: 'AUTH', value: ({ auth }) => auth },
  { title: 'TLS', value: ({ tls }) => tls, expendable: 2 },
  { title: 'LIMITS', value: ({ limits }) => limitsOf(limits), expendable: 3 },
  {
    title: 'STATE',
    value: ({ health }) => stateOf(health),
    color: ({ health }) => (stateOf(health) === 'ok' ? 'green' : 'red'),
  },
  { title: 'SUCCESS', value: ({ calls }) => successOf(calls), align: 'right', expendable: 5 },
  { title: 'P50', value: ({ calls }) => latencyOf(calls, 'p50'), align: 'right', expendable: 6 },
  { title: 'P95', value: ({ calls }) => latencyOf(calls, 'p95'), align: 'right', expendable: 7 },
  { title: 'LAST ERROR', value: ({ health }) => health.last_error, shrinks: true, expendable: 1 },
];

const keyColumns: Column<SigningKey>[] = [
  { title: 'SIGNING KEY', value: ({ id }) => id, color: () => 'cyan' },
  { title: 'ALGORITHM', value: ({ algorithm }) => algorithm },
  { title: 'MADE', value: ({ created_at }) => age(created_at), align: 'right' },
  { title: 'ENDS', value: ({ signs_until }) => until(signs_until) },
  { title: 'SHOWN', value: ({ shown }) => (shown ? 'yes' : 'never'), expendable: 1 },
  { title: 'PUBLIC KEY', value: ({ public_key }) => public_key },
];

interface SetOptions {
  /** False: none. */
  auth?: string | false;
  tls?: string | false;
  /** False: back to the installation's. */
  limits: boolean;
  maxConcurrent?: number;
  requestsPerSecond?: number;
  burst?: number;
}

/** Adds `destinations …`. */
export function addDestinations(program: Command, cli: Cli): void {
  const destinations = program
    .command('destinations')
    .description('see how receivers are doing; set how they are called and signed to');

  withPages(destinations.command('list').description('list destinations')).action(
    async (options: PageOptions) => {
      await showList(cli, apiPath('destinations'), {}, options, { columns, none: 'No destinations.' });
    },
  );

  destinations
    .command('show')
    .description('show a destination and its signing keys')
    .argument('<destination>', 'its origin, such as https://hooks.example.com')
    .action(async (origin: string) => {
      const api = await cli.api();
      const found = await api.get<CalledDestination>(apiPath('destinations', origin));
      if (cli.out.json) cli.out.document(found);
      else print(cli, found, [...callFacts(found.calls), ['held', await heldAt(api, found.origin)]]);
    });

  destinations
    .command('set')
    .description('set how a destination is called; what is not named stays as it is')
    .argument('<destination>', 'its origin, such as https://hooks.example.com')
    .option('--auth <credential>', 'that calls carry unless their step names one')
    .option('--no-auth', 'calls carry none')
    .option('--tls <credential>', 'that calls connect with unless their step names one')
    .option('--no-tls', 'calls connect without one')
    .option('--max-concurrent <n>', 'calls under way at once', integer(1, 10_000))
    .option('--requests-per-second <n>', 'calls begun in a second', decimal(0.01, 10_000))
    .option('--burst <n>', 'how many may begin at once after a pause', integer(1, 10_000))
    .option('--no-limits', 'first take back the limits that were set')
    .action(async (origin: string, options: SetOptions) => {
      await set(cli, origin, options);
    });

  destinations
    .command('rotate-secret')
    .description('put a new signing key in force; its secret is shown this once')
    .argument('<destination>', 'its origin, such as https://hooks.example.com')
    .addOption(
      new Option(
        '--algorithm <algorithm>',
        'v1: shared secret; v1a: public key (else as the key before, or v1)',
      ).choices(['v1', 'v1a']),
    )
    .option('--secret-file <file>', 'your own secret: whsec_… or whsk_…; "-" is standard input')
    .option(
      '--overlap-hours <hours>',
      'how long the keys before go on signing beside it (else 24)',
      decimal(0, 168),
    )
    .action(async (origin: string, options: RotateOptions) => {
      await rotate(cli, origin, options);
    });

  destinations
    .command('revoke-secret')
    .description('let an old signing key sign nothing from now on')
    .argument('<destination>', 'its origin, such as https://hooks.example.com')
    .argument('<signing-key>', 'its id: sk_…')
    .action(async (origin: string, id: string) => {
      const api = await cli.api();
      await api.request('DELETE', apiPath('destinations', origin, 'signing-keys', id));
      if (!cli.out.json) cli.out.print(`Revoked ${cleanLine(id)}`);
    });

  addCalls(destinations, cli);
  addStates(destinations, cli);
}

/** Adds `calls`. */
function addCalls(destinations: Command, cli: Cli): void {
  destinations
    .command('calls')
    .description('show how many calls went well of late, and how long they took')
    .argument('<destination>', 'its origin, such as https://hooks.example.com')
    .option('--hours <n>', 'whole hours, this one included (else 24)', integer(1, 168))
    .action(async (origin: string, { hours = 24 }: { hours?: number }) => {
      const api = await cli.api();
      const found = await api.get<CallStatistics>(apiPath('destinations', origin, 'calls'), {
        hours,
      });
      if (cli.out.json) cli.out.document(found);
      else for (const line of callLines(found)) cli.out.print(line);
    });
}

function callLines(calls: CallStatistics): string[] {
  if (calls.success_rate === null) return [`no calls since ${calls.since}`];
  const { total, outcome, latency } = wordsOf(calls);
  return [`${total} calls since ${calls.since}: ${outcome}`, `latency: ${latency}`];
}

/** The same as facts of a destination. */
function callFacts(calls: CallStatistics): string[][] {
  if (calls.success_rate === null) return [['calls', `none since ${calls.since}`]];
  const { total, outcome, latency } = wordsOf(calls);
  return [
    ['calls', `${total} since ${calls.since}: ${outcome}`],
    ['latency', latency],
  ];
}

function wordsOf(calls: CallStatistics) {
  const { delivered, failed, latency_ms } = calls;
  const { p50 = 0, p95 = 0, p99 = 0 } = latency_ms ?? {};
  return {
    total: delivered + failed,
    outcome: `${delivered} delivered, ${failed} failed (${successOf(calls)} success)`,
    latency: `${p50} ms median, ${p95} ms p95, ${p99} ms p99`,
  };
}

function successOf({ success_rate }: CallStatistics): string {
  // Rounded down: all is well only when it is.
  return success_rate === null ? '' : `${Math.floor(success_rate * 1_000) / 10} %`;
}

function latencyOf({ latency_ms }: CallStatistics, quantile: 'p50' | 'p95'): string {
  return latency_ms === null ? '' : `${latency_ms[quantile]} ms`;
}

function failuresOf({ consecutive_failures: count }: Destination['health']): string {
  return count === 0 ? '' : `${count} in a row`;
}

/** How many executions wait for a destination. */
async function heldAt(api: ApiClient, origin: string): Promise<string> {
  try {
    const query = { destination: origin, status: 'held' };
    const { count } = await api.get<{ count: number }>(apiPath('executions', 'count'), query);
    return count === 0 ? '' : `${count} executions`;
  } catch (error) {
    // All else about it is known while Temporal, which alone knows its executions, is away.
    if (error instanceof AwayError) return `unknown: ${error.message}`;
    throw error;
  }
}

/** Adds `disable` and `enable`. */
function addStates(destinations: Command, cli: Cli): void {
  destinations
    .command('disable')
    .description('hold what would call a destination; no event is dropped')
    .argument('<destination>', 'its origin, such as https://hooks.example.com')
    .option('--reason <reason>', 'why')
    .action(async (origin: string, { reason }: { reason?: string }) => {
      await change(cli, apiPath('destinations', origin, 'disable'), { reason });
    });
  destinations
    .command('enable')
    .description('call a destination again; what is held goes on, at a limited rate')
    .argument('<destination>', 'its origin, such as https://hooks.example.com')
    .action(async (origin: string) => {
      await change(cli, apiPath('destinations', origin, 'enable'));
    });
}

async function change(cli: Cli, path: string, json?: object): Promise<void> {
  const api = await cli.api();
  const { body } = await api.request<Destination>('POST', path, json === undefined ? {} : { json });
  if (cli.out.json) cli.out.document(body);
  else print(cli, body);
}

function stateOf({ failing_since, disabled }: Destination['health']): string {
  if (disabled !== null) return `disabled for ${age(disabled.at)}`;
  return failing_since === null ? 'ok' : `failing for ${age(failing_since)}`;
}

function limitsOf({ max_concurrent, requests_per_second, burst }: Destination['limits']): string {
  return [
    ...(max_concurrent === null ? [] : [`${max_concurrent} at once`]),
    ...(requests_per_second === null ? [] : [`${requests_per_second}/s`]),
    ...(burst === null ? [] : [`burst ${burst}`]),
  ].join(', ');
}

/** @param facts what else there is to say, each with its name; what is empty is left out */
function print(
  cli: Cli,
  { origin, auth, tls, limits, health, signing_keys }: Destination,
  facts: string[][] = [],
): void {
  const { out } = cli;
  out.print(`${out.colors.bold(cleanLine(origin))}  ${stateOf(health)}`);
  const lines = [
    ['auth', auth ?? ''],
    ['tls', tls ?? ''],
    ['limits', limitsOf(limits)],
    ['disabled', health.disabled ? `by ${health.disabled.by}: ${health.disabled.reason}` : ''],
    ['failures', failuresOf(health)],
    ['last error', health.last_error ?? ''],
    ...facts,
  ];
  for (const [name, value = ''] of lines) {
    if (value !== '') out.print(`${name}: ${cleanLine(value)}`);
  }
  if (signing_keys.length === 0) {
    out.print('No signing key yet: the first call makes one, or "destinations rotate-secret"');
  } else {
    out.print('');
    out.table(keyColumns, signing_keys);
  }
}

/** Reads what is set and writes it changed, unless somebody else changes it in between. */
async function set(cli: Cli, origin: string, options: SetOptions): Promise<void> {
  const { auth, tls, limits, ...changedLimits } = options;
  const isChange = !limits || [auth, tls, ...Object.values(changedLimits)].some((each) => each !== undefined);
  if (!isChange) throw new BadInputError('there is nothing to set: name an option, see --help');
  const api = await cli.api();
  const path = apiPath('destinations', origin);
  const now = await api.find<Destination>(path);
  const noLimits = { max_concurrent: null, requests_per_second: null, burst: null };
  const before: DestinationSettings = now ?? { auth: null, tls: null, limits: noLimits };
  const json: DestinationSettings = {
    auth: auth === undefined ? before.auth : auth || null,
    tls: tls === undefined ? before.tls : tls || null,
    limits: {
      ...(limits ? before.limits : noLimits),
      ...(options.maxConcurrent !== undefined && { max_concurrent: options.maxConcurrent }),
      ...(options.requestsPerSecond !== undefined && { requests_per_second: options.requestsPerSecond }),
      ...(options.burst !== undefined && { burst: options.burst }),
    },
  };
  const version = now?.version ?? 0;
  const { body } = await api.request<Destination>('PUT', path, {
    json,
    headers: version === 0 ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` },
  });
  if (cli.out.json) cli.out.document(body);
  else print(cli, body);
}

interface RotateOptions {
  algorithm?: string;
  secretFile?: string;
  overlapHours?: number;
}

async function rotate(
  cli: Cli,
  origin: string,
  { algorithm, secretFile, overlapHours }: RotateOptions,
): Promise<void> {
  const own = secretFile === undefined ? undefined : await readSecret(secretFile, cli.world.stdin);
  const api = await cli.api();
  const { body } = await api.request<SigningKey & { secret: string | null }>(
    'POST',
    apiPath('destinations', origin, 'signing-keys'),
    { json: { algorithm, secret: own, overlap_hours: overlapHours } },
  );
  if (cli.out.json) {
    cli.out.document(body);
    return;
  }
  const key = `Signing key ${cleanLine(body.id)} (${cleanLine(body.algorithm)})`;
  const [remark, result] =
    body.secret !== null
      ? ['Its secret is shown this once:', body.secret]
      : body.public_key !== null
        ? ['Its public key:', body.public_key]
        : ['It is in force', undefined];
  cli.out.note(`${key}. ${remark}`);
  if (result !== undefined) cli.out.print(result);
}
