import fc from 'fast-check';
import { executionDetails } from '../../../src/workflows/execution-details';
import type { AttemptReport, ExecutionReport } from '../../../src/workflows/messages';
import type { ExecutionStatus } from '../../../src/shared/execution-status';

const TARGET = 'https://receiver.example.com/hook';

it.each<[ExecutionStatus, string]>([
  ['delivering', '**Delivering**'],
  ['waiting_for_retry', '**Waiting for a retry**'],
  ['held', '**Held**'],
  ['paused', '**Paused**'],
  ['escalating', '**Failed; the e-mail to the owner is on its way**'],
  ['delivered', '**Delivered**'],
  ['escalated', '**Escalated to the owner**'],
  ['cancelled', '**Cancelled**'],
  ['abandoned', '**Abandoned**'],
])('an execution that is %s begins with %s', (status, headline) => {
  expect(executionDetails(report({ status })).split('\n')[0]).toBe(headline);
});

it('a wait tells which retry comes, and when', () => {
  const nextRetry = { number: 2, of: 5, at: '2026-07-10T01:00:00.000Z' };
  expect(linesOf({ status: 'waiting_for_retry', nextRetry })).toContain(
    'Retry 2 of 5 at 2026-07-10T01:00:00.000Z.',
  );
});

it('a hold tells why, when it looks again and when it is given up', () => {
  const hold = {
    reason: 'the rule is paused',
    looksAgainAt: '2026-07-10T01:00:00.000Z',
    until: '2026-07-11T12:00:00.000Z',
  };
  expect(linesOf({ status: 'held', hold })).toContain(
    'the rule is paused. Looks again at 2026-07-10T01:00:00.000Z; given up at 2026-07-11T12:00:00.000Z.',
  );
});

it('an escalation that was gathered tells when its e-mail is due', () => {
  const escalation = { to: 'ada@example.com', gatheredUntil: '2026-07-11T12:00:00.000Z' };
  expect(linesOf({ escalation })).toContain(
    'Listed in the e-mail that goes to ada@example.com at 2026-07-11T12:00:00.000Z.',
  );
});

it('an escalation tells to whom the e-mail went, and when', () => {
  const escalation = {
    to: 'ada@example.com',
    messageId: '<1@example.com>',
    sentAt: '2026-07-11T12:00:00.000Z',
  };
  expect(linesOf({ escalation })).toContain('E-mail sent to ada@example.com at 2026-07-11T12:00:00.000Z.');
});

it('an abandoned execution tells why', () => {
  expect(linesOf({ reason: 'rule watch was deleted' })).toContain('rule watch was deleted');
});

it('a step that was not called yet has a row of its own', () => {
  expect(rowsOf([])).toEqual([['1', TARGET, '', 'not called yet']]);
});

it('a step that was skipped tells why, after the attempts that it had', () => {
  const skipped = 'trigger.score is 78 | which is not below 50';
  const attempts = [{ url: TARGET, error: '503 Service Unavailable' }];
  const steps = [{ id: 'step-1', target: TARGET, attempts, skipped }];
  expect(executionDetails(report({ steps })).split('\n').slice(4).map(cellsOf)).toEqual([
    ['1', TARGET, '', '503 Service Unavailable'],
    ['1', TARGET, '', `skipped: ${skipped}`],
  ]);
});

it('each attempt has a row: when, what came, how long it took, which retry it was', () => {
  const startedAt = '2026-07-10T00:00:00.000Z';
  expect(
    rowsOf([
      { url: TARGET, startedAt, durationMs: 12, status: 503, error: '503 Service Unavailable' },
      { url: TARGET, startedAt, durationMs: 7, status: 200 },
    ]),
  ).toEqual([
    ['1', TARGET, startedAt, '503 Service Unavailable in 12 ms'],
    ['1', TARGET, startedAt, '200 in 7 ms (retry 1)'],
  ]);
});

it('an attempt that no worker could make shows the step as it was planned', () => {
  expect(rowsOf([{ error: 'the call could not be made' }])).toEqual([
    ['1', TARGET, '', 'the call could not be made'],
  ]);
});

describe('a hostile text', () => {
  it.each([
    ['a pipe', 'a | b | c', 'a \\| b \\| c'],
    ['a newline', 'a\n| 2 | forged | row |', 'a \\| 2 \\| forged \\| row \\|'],
    ['a Windows newline', 'a\r\nb', 'a b'],
    ['a backtick', '`rm`', '\\`rm\\`'],
    ['a backslash before a pipe', 'a\\| b', 'a\\\\\\| b'],
    ['a tag', '<img src=x>', '\\<img src=x\\>'],
    ['a link', '[click](https://evil.example.com)', '\\[click\\](https://evil.example.com)'],
    ['emphasis', '**Delivered** __', '\\*\\*Delivered\\*\\* \\_\\_'],
  ])('with %s is shown as it is', (_what, error, shown) => {
    expect(executionDetails(called({ error }))).toContain(`| ${shown} |`);
  });

  const hostile = fc.string({
    unit: fc.oneof(
      fc.constantFrom('|', '\\', '\n', '\r', '`', '*', '_', '<', '>', '[', ']', ' '),
      fc.string({ minLength: 1, maxLength: 1 }),
    ),
  });

  it('never makes another row', () => {
    fc.assert(
      fc.property(hostile, hostile, (url, error) => {
        expect(executionDetails(called({ url, error })).split(/[\r\n]/)).toHaveLength(5);
      }),
    );
  });

  it('never makes another cell, nor loses a character but its newlines', () => {
    fc.assert(
      fc.property(hostile, hostile, (url, error) => {
        const flat = (text: string) => text.replace(/[\r\n]+/g, ' ');
        expect(cellsOf(executionDetails(called({ url, error })).split('\n').at(-1))).toEqual([
          '1',
          flat(url),
          '',
          flat(error),
        ]);
      }),
    );
  });

  it('as the reason of an end stays one line', () => {
    fc.assert(
      fc.property(hostile, (reason) => {
        expect(executionDetails(report({ reason })).split(/[\r\n]/)).toHaveLength(6);
      }),
    );
  });
});

function report(how: Partial<ExecutionReport>): ExecutionReport {
  return {
    executionId: '8e21f4aa-ee49-5f6d-be70-366b95ecc586',
    rule: { id: 'watch', version: '1', name: 'Score watch' },
    event: { id: 'evt_1', type: 'score_drop_threshold' },
    domain: 'example.com',
    createdAt: '2026-07-10T00:00:00.000Z',
    status: 'delivering',
    steps: [{ id: 'step-1', target: TARGET, attempts: [] }],
    ...how,
  };
}

function called(...attempts: AttemptReport[]): ExecutionReport {
  return report({ steps: [{ id: 'step-1', target: TARGET, attempts }] });
}

function linesOf(how: Partial<ExecutionReport>): string[] {
  return executionDetails(report(how)).split('\n');
}

/** The table's rows as a reader sees them. */
function rowsOf(attempts: AttemptReport[]): string[][] {
  return executionDetails(called(...attempts))
    .split('\n')
    .slice(4)
    .map(cellsOf);
}

/** A table row as Markdown reads it: cells end at a pipe that no backslash escapes; a backslash goes with what it escapes. */
function cellsOf(row = ''): string[] {
  const cells = [''];
  for (const [token] of row.matchAll(/\\?[^]/gu)) {
    if (token === '|') cells.push('');
    else
      cells.push(
        `${cells.pop() ?? ''}${token.length > 1 && token.startsWith('\\') ? token.slice(1) : token}`,
      );
  }
  // Each cell has one blank on either side; an empty one may have but one.
  return cells.slice(1, -1).map((cell) => (cell.trim() === '' && cell.length < 2 ? '' : cell.slice(1, -1)));
}
