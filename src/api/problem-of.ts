import { isGrpcServiceError } from '@temporalio/client';
import type { FastifyError } from 'fastify';
import { InvalidCursorError } from '../client/executions';
import { EventConflictError, InvalidEventError, TemporalAwayError } from '../ingest/event-intake';
import { RulebookError } from '../rules/rulebook-error';
import { PayloadUnreadableError } from '../shared/payload-unreadable';
import { SecretUnreadableError } from '../secrets/secret-box';
import { EncryptionKeyError } from '../secrets/setup-error';
import {
  AlreadyExistsError,
  InUseError,
  NotFoundError,
  StoreAwayError,
  UnknownReferenceError,
  VersionMismatchError,
} from '../store/errors';
import { invalid, RequestProblem, type ProblemKind } from './problem';

/** When a sender should ask again. Seconds. */
const RETRY_AFTER = { 'retry-after': '5' };

/** gRPC's: CANCELLED (which a lost connection can be), DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE. */
const PASSING = new Set([1, 4, 8, 14]);

/** What Fastify refuses by itself. */
const KIND_OF_STATUS: Readonly<Record<number, ProblemKind>> = {
  400: 'malformed',
  404: 'not-found',
  413: 'too-large',
  414: 'not-found',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
};

/** The answer to whatever a request failed with. An error that nobody foresaw becomes a 500 that gives nothing away. */
export function problemOf(error: unknown): RequestProblem {
  return knownProblem(error) ?? fastifyProblem(error) ?? internal();
}

function knownProblem(error: unknown): RequestProblem | undefined {
  if (error instanceof RequestProblem) return error;
  if (error instanceof NotFoundError) return new RequestProblem('not-found', error.message);
  if (error instanceof AlreadyExistsError) return new RequestProblem('already-exists', error.message);
  if (error instanceof VersionMismatchError) return preconditionFailed(error);
  if (error instanceof InUseError) return new RequestProblem('in-use', error.message);
  if (error instanceof UnknownReferenceError) {
    return invalid('The document', [{ path: error.path, message: error.message }]);
  }
  if (error instanceof RulebookError) return invalid('The document', error.problems);
  if (error instanceof InvalidEventError) return invalid('The event', error.problems);
  if (error instanceof EventConflictError) return new RequestProblem('event-conflict', error.message);
  if (error instanceof InvalidCursorError) {
    return invalid('The query', [{ path: 'cursor', message: 'is none that this list gave' }]);
  }
  // Not the caller's fault: somebody took a key away. It says which.
  if (error instanceof PayloadUnreadableError)
    return new RequestProblem('internal', `Unreadable: ${error.message}.`);
  // Their messages tell whoever runs the service what to do, and hold no secret.
  if (error instanceof SecretUnreadableError || error instanceof EncryptionKeyError) {
    return new RequestProblem('secrets-unreadable', error.message);
  }
  return awayProblem(error);
}

function preconditionFailed({ actual }: VersionMismatchError): RequestProblem {
  const now = actual === 0 ? 'It is not there.' : `It has version ${actual} now.`;
  return new RequestProblem('precondition-failed', `The condition of the request does not hold. ${now}`);
}

function awayProblem(error: unknown): RequestProblem | undefined {
  if (error instanceof StoreAwayError) {
    return new RequestProblem('store-away', 'The database cannot be reached just now.', {
      headers: RETRY_AFTER,
    });
  }
  if (error instanceof TemporalAwayError || isPassing(error)) {
    return new RequestProblem('temporal-away', 'Temporal cannot be reached just now.', {
      headers: RETRY_AFTER,
    });
  }
  return undefined;
}

/** Temporal's client wraps what gRPC said into errors of its own. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (isGrpcServiceError(error) && PASSING.has(error.code)) || isPassing(error.cause);
}

function fastifyProblem(error: unknown): RequestProblem | undefined {
  if (!(error instanceof Error)) return undefined;
  const { statusCode = 500, message } = error as Partial<FastifyError> & Error;
  const kind = KIND_OF_STATUS[statusCode];
  return kind && new RequestProblem(kind, message);
}

function internal(): RequestProblem {
  return new RequestProblem(
    'internal',
    'Something went wrong here. The request id finds it in the log of the service.',
  );
}
