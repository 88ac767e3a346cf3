import { ServiceError } from '@temporalio/client';
import { InvalidCursorError } from '../../src/client/executions';
import { EventConflictError, InvalidEventError, TemporalAwayError } from '../../src/ingest/event-intake';
import { problemOf } from '../../src/api/problem-of';
import { RequestProblem } from '../../src/api/problem';
import { RulebookError } from '../../src/rules/rulebook-error';
import { PayloadUnreadableError } from '../../src/shared/payload-unreadable';
import { SecretUnreadableError } from '../../src/secrets/secret-box';
import { EncryptionKeyError } from '../../src/secrets/setup-error';
import {
  AlreadyExistsError,
  InUseError,
  NotFoundError,
  StoreAwayError,
  UnknownReferenceError,
  VersionMismatchError,
} from '../../src/store/errors';

/** As gRPC's clients throw it. */
function grpcError(code: number): Error {
  return Object.assign(new Error('grpc'), { name: 'ServiceError', code, details: '', metadata: {} });
}

const errors = [{ path: 'a.b', message: 'is wrong' }];

it.each<[string, Error, number, string]>([
  ['nothing there', new NotFoundError('there is no rule "x"'), 404, 'not-found'],
  ['something there', new AlreadyExistsError('there is one'), 409, 'already-exists'],
  ['something that is referred to', new InUseError('a rule names it'), 409, 'in-use'],
  ['another version', new VersionMismatchError('no', 3), 412, 'precondition-failed'],
  ['a reference to nothing', new UnknownReferenceError('a.b', 'is wrong'), 422, 'invalid'],
  [
    'a rulebook that is wrong',
    new RulebookError([{ file: 'x', ...errors[0], path: 'a.b', message: 'is wrong' }]),
    422,
    'invalid',
  ],
  ['an event that is wrong', new InvalidEventError(errors), 422, 'invalid'],
  ['an event of the same id', new EventConflictError('another event'), 409, 'event-conflict'],
  ['a cursor of another list', new InvalidCursorError(), 422, 'invalid'],
  ['a secret that no key opens', new SecretUnreadableError('no key'), 500, 'secrets-unreadable'],
  ['keys that cannot be used', new EncryptionKeyError('no file'), 500, 'secrets-unreadable'],
  ['a store that is away', new StoreAwayError('ECONNREFUSED db:5432'), 503, 'store-away'],
  ['a Temporal that is away', new TemporalAwayError('away'), 503, 'temporal-away'],
  ['unavailable', grpcError(14), 503, 'temporal-away'],
  ['a deadline that passed', new ServiceError('wrapped', { cause: grpcError(4) }), 503, 'temporal-away'],
  ['exhausted', grpcError(8), 503, 'temporal-away'],
  ['refused by Temporal', grpcError(3), 500, 'internal'],
  ['anything else', new Error('pa-canary'), 500, 'internal'],
])('answers to %s', (_name, error, status, kind) => {
  expect(problemOf(error)).toMatchObject({ status, kind });
});

it('says which key is missing when an execution cannot be read', () => {
  const problem = problemOf(new PayloadUnreadableError('a payload is encrypted with the key abc'));
  expect(problem).toMatchObject({
    status: 500,
    message: 'Unreadable: a payload is encrypted with the key abc.',
  });
});

it('keeps the paths of what is wrong, and nothing else of it', () => {
  const problem = problemOf(
    new RulebookError([{ file: '/secret/folder', path: 'a.b', message: 'is wrong' }]),
  );
  expect(problem.body('r-1').errors).toEqual(errors);
});

it.each([
  new StoreAwayError('pa-canary'),
  new TemporalAwayError('pa-canary'),
  new Error('pa-canary'),
  'pa-canary',
])('gives nothing away of %s', (error) => {
  expect(JSON.stringify(problemOf(error).body('r-1'))).not.toContain('canary');
});

it.each([new StoreAwayError('away'), new TemporalAwayError('away')])(
  'says when to ask again: %s',
  (error) => {
    expect(problemOf(error).more.headers).toEqual({ 'retry-after': '5' });
  },
);

it('lets a problem be what it is', () => {
  const problem = new RequestProblem('own-key', 'no');
  expect(problemOf(problem)).toBe(problem);
});
