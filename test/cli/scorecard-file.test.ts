import { readScorecards } from '../../src/cli/scorecard-file';
import { batchesOf } from '../../src/cli/import-batches';

function scorecards(file: string, content: string) {
  return readScorecards(file, content).map(({ scorecard }) => scorecard);
}

function problemsOf(file: string, content: string): string {
  try {
    readScorecards(file, content);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

describe('CSV', () => {
  it('has its columns in any order, in any case', () => {
    expect(scorecards('s.csv', 'Followed,ID,Domain,MINE\nyes,a,Example.com,no\n')).toEqual([
      { id: 'a', domain: 'example.com', mine: false, followed: true },
    ]);
  });

  it('may call the id scorecard_id', () => {
    expect(scorecards('s.csv', 'scorecard_id\na\n')).toEqual([{ id: 'a' }]);
  });

  it('with domains alone has them as ids too', () => {
    expect(scorecards('s.csv', 'domain\nexample.com\n')).toEqual([
      { id: 'example.com', domain: 'example.com' },
    ]);
  });

  it('leaves out what is empty, which then stays as it is', () => {
    expect(scorecards('s.csv', 'id,domain,mine\na,,\n')).toEqual([{ id: 'a' }]);
  });

  it('may quote its fields', () => {
    expect(scorecards('s.csv', 'id,domain\n"a, ""b""","example.com"\n')).toEqual([
      { id: 'a, "b"', domain: 'example.com' },
    ]);
  });

  it.each([
    ['lines that end in CRLF', 'id,mine\r\na,true\r\nb,false\r\n'],
    ['no end of line at its end', 'id,mine\na,true\nb,false'],
    ['empty lines', 'id,mine\n\na,1\n\nb,0\n\n'],
    ['spaces around fields', 'id , mine\n a , x \n b, n\n'],
    ['semicolons', 'id;mine\na;TRUE\nb;FALSE\n'],
  ])('may have %s', (_what, content) => {
    expect(scorecards('s.csv', content)).toEqual([
      { id: 'a', mine: true },
      { id: 'b', mine: false },
    ]);
  });

  it('names the line of each bad row', () => {
    const content = 'id,mine\na,maybe\n"line\nbreak",no\nc,yes\n';
    expect(problemsOf('s.csv', content).split('\n')).toEqual([
      expect.stringMatching(/^s\.csv: line 2: mine: /),
      expect.stringMatching(/^s\.csv: line 4: id: must not contain line breaks/),
    ]);
  });

  it.each([
    [
      'an unknown column',
      'id,colour\na,red\n',
      /^s\.csv: "colour" is not a known column; known are id, domain/,
    ],
    ['a column twice', 'id,ID\na,b\n', /^s\.csv: the column "id" is there twice/],
    ['neither id nor domain', 'mine\nyes\n', /^s\.csv: there must be a column "id" or "domain"/],
    ['a row with too many fields', 'id\na\nb,c\n', /^s\.csv: line 3: has 2 fields, and the header 1/],
    ['an id that is there already', 'id\na\nb\nA\n', /^s\.csv: line 4: id: "A" is in line 2 already/],
    ['a quote that does not end', 'id\n"a\n', /^s\.csv: .*[Qq]uote/],
    ['no row', 'id\n', /^s\.csv: has no scorecard/],
    ['nothing', '', /^s\.csv: is empty/],
  ])('is refused with %s', (_what, content, message) => {
    expect(problemsOf('s.csv', content)).toMatch(message);
  });

  it('does not spell out thousands of problems', () => {
    const content = `id,mine\n${Array.from({ length: 3_000 }, (_, index) => `${index},maybe`).join('\n')}\n`;
    expect(problemsOf('s.csv', content)).toMatch(/\nand 2950 more$/);
  });
});

describe('JSON', () => {
  it.each([
    ['a list of objects', '[{"id":"a","mine":true},{"domain":"example.com"}]'],
    ['a document', '{"scorecards":[{"id":"a","mine":true},{"domain":"example.com"}]}'],
  ])('may be %s', (_what, content) => {
    expect(scorecards('s.json', content)).toEqual([
      { id: 'a', mine: true },
      { id: 'example.com', domain: 'example.com' },
    ]);
  });

  it('may be a list of ids', () => {
    expect(scorecards('s.json', '["a","b"]')).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  it('is known by its beginning when the name does not say it', () => {
    expect(scorecards('standard input', ' [{"id":"a"}]')).toEqual([{ id: 'a' }]);
  });

  it('names the place of each bad field', () => {
    const content = '[{"id":"a","mine":"yes"},{"id":"b","colour":1},7]';
    expect(problemsOf('s.json', content).split('\n')).toEqual([
      expect.stringMatching(/^s\.json: \[0\]: mine: /),
      's.json: [1]: colour: is not a known key',
      expect.stringMatching(/^s\.json: \[2\]: /),
    ]);
  });

  it.each([
    ['broken', '{', /^s\.json: .*JSON/],
    ['no list', '{"a":1}', /^s\.json: must be a list of scorecards/],
  ])('is refused when it is %s', (_what, content, message) => {
    expect(problemsOf('s.json', content)).toMatch(message);
  });
});

describe('the requests of an import', () => {
  const rows = Array.from({ length: 10 }, (_, index) => ({ at: '', scorecard: { id: `id-${index}` } }));

  it('are one when all fits', () => {
    expect(batchesOf(rows)).toEqual([rows]);
  });

  it('are none larger than they may be, and lose nothing', () => {
    const batches = batchesOf(rows, 40);
    expect(
      Math.max(...batches.map((batch) => JSON.stringify(batch.map(({ scorecard }) => scorecard)).length)),
    ).toBeLessThanOrEqual(41);
    expect(batches.flat()).toEqual(rows);
  });
});
