import type { Logger as SdkLogger, LogLevel, LogMetadata } from '@temporalio/common';
import { executionIdIn } from '../../shared/ids';
import { SUBJECT_FIELDS } from './activity-subject';
import type { Logger } from './log';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/**
 * What is taken over of the SDK's fields, beside those that activityLog adds: not all of them, as some lines have the whole
 * of a worker's options, or what an activity was given.
 */
const KEPT = new Set([
  'sdkComponent',
  'workflowId',
  'workflowRunId',
  'workflowType',
  'activityType',
  'activityAttempt',
  'durationMs',
  'state',
  ...SUBJECT_FIELDS,
]);

/** The core warns of workflow tasks above 5 s. Those that make a first call take as long as its receiver does. */
const LONG_TASK = '[TMPRL1104]';

/** Brings what Temporal's SDK tells, of its own and from activities, to our log. */
export class SdkLog implements SdkLogger {
  constructor(private readonly target: Logger) {}

  log(level: LogLevel, message: string, meta: LogMetadata = {}): void {
    const ourLevel = message.startsWith(LONG_TASK) ? 'debug' : LEVELS[level];
    if (this.target.isLevelEnabled(ourLevel)) this.target[ourLevel](fieldsOf(meta), message);
  }

  trace(message: string, meta?: LogMetadata): void {
    this.log('TRACE', message, meta);
  }

  debug(message: string, meta?: LogMetadata): void {
    this.log('DEBUG', message, meta);
  }

  info(message: string, meta?: LogMetadata): void {
    this.log('INFO', message, meta);
  }

  warn(message: string, meta?: LogMetadata): void {
    this.log('WARN', message, meta);
  }

  error(message: string, meta?: LogMetadata): void {
    this.log('ERROR', message, meta);
  }
}

function fieldsOf(meta: LogMetadata): Record<string, unknown> {
  const { workflowId, error: err, sdkComponent } = meta;
  const executionId = typeof workflowId === 'string' ? executionIdIn(workflowId) : undefined;
  const kept = Object.entries(meta).filter(([name]) => KEPT.has(name));
  return {
    ...(executionId !== undefined && { executionId }),
    ...Object.fromEntries(kept),
    ...(err !== undefined && { err: err as unknown }),
    ...(sdkComponent === 'core' && coreFields(meta)),
  };
}

/** The core says what went wrong in fields of many names. */
function coreFields(meta: LogMetadata): LogMetadata {
  return Object.fromEntries(Object.entries(meta).filter(([name]) => name !== 'spanContexts'));
}
