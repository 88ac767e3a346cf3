import { bulkSelection } from '../../../src/shared/bulk-selection';

const NOW = '2026-05-04T12:00:00.000Z';
const EARLIER = '2026-05-01T00:00:00.000Z';
const LATER = '2026-05-09T00:00:00.000Z';

describe('what a bulk operation is about', () => {
  it('is, for a restart, what had ended when it began', () => {
    expect(bulkSelection('restart', { ruleId: 'r' }, NOW)).toEqual({ ruleId: 'r', endedBefore: NOW });
  });

  it('is, for all else, what ran when it began', () => {
    const selection = { ruleId: 'r', status: 'running', startedBefore: NOW };
    expect(bulkSelection('cancel', { ruleId: 'r' }, NOW)).toEqual(selection);
  });

  it('keeps a status', () => {
    expect(bulkSelection('release', { status: 'held' }, NOW)).toMatchObject({ status: 'held' });
  });

  it.each([
    [EARLIER, EARLIER],
    [LATER, NOW],
  ])('that ended before %s ended before %s', (asked, then) => {
    expect(bulkSelection('restart', { endedBefore: asked }, NOW)).toEqual({ endedBefore: then });
  });

  it('is the same when it is narrowed again', () => {
    const once = bulkSelection('retry', {}, NOW);
    expect(bulkSelection('retry', once, LATER)).toEqual(once);
  });
});
