import { readCsv } from '../../../src/dashboard/pages/scorecards/csv';

const fieldsOf = (text: string) => readCsv(text).map(({ fields }) => fields);

describe('reading CSV', () => {
  test.each([
    [
      'commas',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'semicolons, where there is no comma in the first line',
      'a;b\nc;d,e',
      [
        ['a', 'b'],
        ['c', 'd,e'],
      ],
    ],
    ['quotes, within which commas and doubled quotes are text', '"a,b","c ""d"""', [['a,b', 'c "d"']]],
    ['line ends of Windows', 'a\r\nb\r\n', [['a'], ['b']]],
    ['spaces around fields', ' a , "b" ', [['a', 'b']]],
    [
      'an empty last field',
      'a,\nb,',
      [
        ['a', ''],
        ['b', ''],
      ],
    ],
    ['no text', '', []],
  ])('%s', (_, text, fields) => {
    expect(fieldsOf(text)).toEqual(fields);
  });

  test('a record has the line on which it begins', () => {
    expect(readCsv('a\n\n"b\nc"\nd').map(({ line }) => line)).toEqual([1, 3, 5]);
  });
});
