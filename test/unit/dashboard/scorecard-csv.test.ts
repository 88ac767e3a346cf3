import { problemsByLine, readScorecardCsv } from '../../../src/dashboard/pages/scorecards/scorecard-csv';

const linesOf = (text: string) =>
  readScorecardCsv(text).problems.map(({ line, message }) => `${line}: ${message}`);

describe('scorecards of a CSV file', () => {
  test('columns stand in any order; an empty field says nothing', () => {
    expect(readScorecardCsv('followed,id,domain\nyes,a,A.example\n,b,\n')).toEqual({
      rows: [
        { line: 2, scorecard: { id: 'a', domain: 'a.example', followed: true } },
        { line: 3, scorecard: { id: 'b' } },
      ],
      problems: [],
    });
  });

  test('without an id the domain is the id', () => {
    expect(readScorecardCsv('domain\nacme.example').rows).toEqual([
      { line: 2, scorecard: { id: 'acme.example', domain: 'acme.example' } },
    ]);
  });

  test('"Scorecard ID" of a spreadsheet is the id, also behind a byte order mark', () => {
    expect(readScorecardCsv('\ufeffScorecard ID\na').rows).toEqual([{ line: 2, scorecard: { id: 'a' } }]);
  });

  test.each([
    [
      'a column that is not known',
      'id,colour\na,red',
      ['1: "colour" is no known column; known are id, domain, mine, followed'],
    ],
    ['a column twice', 'id,id\na,b', ['1: the column "id" is there twice']],
    ['neither id nor domain', 'mine\nyes', ['1: there must be a column "id" or "domain"']],
    ['a word that is neither yes nor no', 'id,mine\na,perhaps', ['2: mine: "perhaps" is neither yes nor no']],
    ['a line that is too short', 'id,mine\na', ['2: has 1 fields, and the header 2']],
    ['the same id twice, in other letters', 'id\na\nA', ['3: "A" is in line 2 already']],
    ['no id at all', 'id,mine\n,yes', ['2: has no id and no domain']],
    ['a header alone', 'id', ['1: there is no scorecard below the header']],
    ['a quote that is not closed', 'id\n"a', ['2: a quote is not closed']],
  ])('%s is a problem of its line', (_, text, problems) => {
    expect(linesOf(text)).toEqual(problems);
  });

  test('what the service refuses is told by the line of the file, past empty lines and fields of several lines', () => {
    const { rows } = readScorecardCsv('id,domain\n"a\nb",x.example\n\nc,y.example');
    expect(problemsByLine([{ path: 'scorecards[1].id', message: 'is too long' }], rows)).toEqual([
      { line: 5, message: 'id: is too long' },
    ]);
  });
});
