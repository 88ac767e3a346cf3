import type { ExecutionAttempt, ExecutionDetail, ExecutionStep } from './api-types';
import { prettyJson } from './json-text';
import { statusColor } from './status-color';
import type { Colors } from './table';
import { cleanLine, cleanLines, clip } from './text';
import { until } from './times';

/** Lines of a response, and columns of each, that are shown without `--verbose`. */
const EXCERPT_LINES = 6;
const EXCERPT_WIDTH = 160;

/** Of what belongs to a line above it. */
const INDENT = ' '.repeat(7);

export interface TimelineOptions {
  /** Show bodies whole, of requests too, headers, and the e-mail. */
  verbose: boolean;
  colors: Colors;
  /** Of the terminal; undefined: there is none. */
  width: number | undefined;
}

/** An execution with each of its steps and attempts, as lines for people. */
export function timelineLines(execution: ExecutionDetail, options: TimelineOptions): string[] {
  const { colors } = options;
  return [
    `${colors.bold(`Execution ${cleanLine(execution.execution_id)}`)}  ${painted(execution.status, colors)}${execution.test ? '  (test)' : ''}`,
    ...facts(execution).map(([name, value]) => `  ${colors.dim(name.padEnd(9))} ${value}`),
    ...execution.steps.flatMap((step, index) => ['', ...stepLines(step, index + 1, options)]),
    ...(options.verbose ? mailLines(execution, options) : []),
  ];
}

function facts(execution: ExecutionDetail): [string, string][] {
  const { rule, event, domain, trigger, next_retry, hold, cancellation, escalation, reason, ended_at } =
    execution;
  const facts: [string, string | null][] = [
    ['rule', `${rule.id} (version ${rule.version}): ${rule.name}`],
    ['event', [event.id, event.type, domain].filter(Boolean).join(', ')],
    ['trigger', JSON.stringify(trigger)],
    ['created', execution.created_at],
    ['ended', ended_at],
    [
      'next',
      next_retry &&
        `retry ${next_retry.number} of ${next_retry.of} at ${next_retry.at} (${until(next_retry.at)})`,
    ],
    [
      'held',
      hold &&
        `${hold.reason}; looks again at ${hold.looks_again_at} (${until(hold.looks_again_at)}), given up at ${hold.until}`,
    ],
    [
      'cancelled',
      cancellation &&
        `by ${cancellation.by}${cancellation.reason === null ? '' : `: ${cancellation.reason}`}`,
    ],
    [
      'e-mail',
      escalation &&
        `to ${escalation.to} ${escalation.sent_at === null ? `with others at ${escalation.gathered_until}` : `at ${escalation.sent_at}`}`,
    ],
    ['restarts', execution.restart_of],
    ['restarted', execution.restarted_as && `as ${execution.restarted_as}`],
    ['reason', reason],
  ];
  return facts.flatMap(([name, value]) => (value ? [[name, clip(cleanLine(value), EXCERPT_WIDTH)]] : []));
}

function stepLines(step: ExecutionStep, number: number, options: TimelineOptions): string[] {
  const { colors } = options;
  const reason = step.reason === null ? '' : `: ${cleanLine(step.reason)}`;
  return [
    `${colors.bold(`Step ${number}`)} ${cleanLine(step.id)}  ${cleanLine(step.target)}  ${painted(step.state, colors)}${reason}`,
    ...step.attempts.flatMap((attempt) => attemptLines(attempt, step, options)),
  ];
}

/** What the owner was told; without its links, which are for the owner alone. */
function mailLines({ escalation }: ExecutionDetail, { colors }: TimelineOptions): string[] {
  if (!escalation?.mail) return [];
  const { subject, text } = escalation.mail;
  const lines = cleanLines(text).trimEnd().split('\n');
  return [
    '',
    `${colors.bold('E-mail')} ${cleanLine(subject)}`,
    ...lines.map((line) => `${INDENT}${line}`.trimEnd()),
  ];
}

function attemptLines(attempt: ExecutionAttempt, step: ExecutionStep, options: TimelineOptions): string[] {
  const { colors, verbose } = options;
  const { number, request, response } = attempt;
  const where = attempt.url !== null && attempt.url !== step.target ? `  ${cleanLine(attempt.url)}` : '';
  return [
    `  #${number}  ${attempt.started_at ?? '(not called)            '}  ${request?.method ?? 'POST'}${where}  ${outcome(attempt, colors)}`,
    ...(verbose && request?.body ? ['     request:', ...bodyLines(request, 'utf8', options)] : []),
    ...(verbose && response ? headerLines(response.headers, options) : []),
    ...(response && response.body !== ''
      ? ['     response:', ...bodyLines(response, response.encoding, options)]
      : []),
  ];
}

function outcome({ status, error, duration_ms, started_at }: ExecutionAttempt, colors: Colors): string {
  const duration = duration_ms === null ? '' : ` in ${Math.round(duration_ms)} ms`;
  if (error !== null) {
    // "503 Service Unavailable" has its status in it already.
    const shown = status === null || error.startsWith(String(status)) ? error : `${status}: ${error}`;
    return colors.red(`✗ ${cleanLine(shown)}${duration}`);
  }
  if (status === null) return colors.dim(started_at === null ? '…' : 'under way');
  return colors.green(`✓ ${status}${duration}`);
}

function headerLines(headers: Record<string, string>, { colors }: TimelineOptions): string[] {
  return Object.entries(headers).map(([name, value]) =>
    colors.dim(`${INDENT}${cleanLine(`${name}: ${value}`)}`),
  );
}

function bodyLines(
  { body, truncated }: { body: string | null; truncated: boolean },
  encoding: 'utf8' | 'base64',
  { verbose, colors, width }: TimelineOptions,
): string[] {
  const text = body ?? '';
  const pretty = encoding === 'utf8' ? (prettyJson(text) ?? text) : `base64 ${text}`;
  const all = cleanLines(pretty).trimEnd().split('\n');
  const shown = verbose ? all : all.slice(0, EXCERPT_LINES);
  const room = verbose ? Infinity : Math.max(20, (width ?? EXCERPT_WIDTH + INDENT.length) - INDENT.length);
  const isCut = shown.length < all.length || truncated;
  const why =
    shown.length < all.length
      ? `… ${all.length - shown.length} more lines (--verbose)`
      : '… (only the beginning was kept)';
  return [
    ...shown.map((line) => `${INDENT}${clip(line, room)}`),
    ...(isCut ? [colors.dim(`${INDENT}${why}`)] : []),
  ];
}

function painted(status: string, colors: Colors): string {
  const color = statusColor(status);
  const text = cleanLine(status);
  return color === undefined ? text : colors[color](text);
}
