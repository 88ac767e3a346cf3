import pc from 'picocolors';
import { tableLines, type Column } from '../../src/cli/table';
import { displayWidth } from '../../src/cli/text';

interface Row {
  id: string;
  name: string;
  count: number;
  note?: string | null;
}

const columns: Column<Row>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'COUNT', value: ({ count }) => count, align: 'right' },
  { title: 'NOTE', value: ({ note }) => note, shrinks: true, expendable: 1 },
];
const plain = pc.createColors(false);

function table(rows: Row[], width?: number): string[] {
  return tableLines(columns, rows, { width, colors: plain });
}

it('lines its columns up, numbers on the right, and shows what is not there as "-"', () => {
  const rows = [
    { id: 'a', name: 'Alpha', count: 7, note: 'n' },
    { id: 'bcd', name: 'Beta', count: 1_000 },
  ];
  expect(table(rows)).toEqual(['ID   NAME   COUNT  NOTE', 'a    Alpha      7  n', 'bcd  Beta    1000  -']);
});

it('lines up behind characters that take two columns', () => {
  const [, wide = '', narrow = ''] = table([
    { id: 'a', name: '夜間', count: 1 },
    { id: 'b', name: 'abcd', count: 1 },
  ]);
  expect(displayWidth(wide)).toBe(displayWidth(narrow));
});

it('cuts nothing when there is no terminal', () => {
  const name = 'x'.repeat(500);
  expect(table([{ id: 'a', name, count: 1 }])[1]).toContain(name);
});

it('fits into the terminal', () => {
  const lines = table([{ id: 'a', name: '夜'.repeat(100), count: 1, note: 'y'.repeat(100) }], 60);
  expect(Math.max(...lines.map(displayWidth))).toBe(60);
});

it('leaves out what can be spared when it would not be readable otherwise', () => {
  const [titles] = table([{ id: 'a', name: 'x'.repeat(100), count: 1, note: 'y'.repeat(100) }], 30);
  expect(titles).not.toContain('NOTE');
});

it('never cuts an id, which somebody will copy', () => {
  const id = 'i'.repeat(50);
  expect(table([{ id, name: 'x'.repeat(100), count: 1 }], 40)[1]).toContain(id);
});

it('is not coloured by what its cells contain', () => {
  const [, row] = table([{ id: 'a', name: '\u001b[31mred\u001b[0m\nnext', count: 1 }]);
  expect(row).toBe('a   red next      1  -');
});

it('colours what a column says, without moving the next one', () => {
  const coloured: Column<Row>[] = [
    { title: 'ID', value: ({ id }) => id, color: () => 'green' },
    { title: 'COUNT', value: ({ count }) => count },
  ];
  const [, row] = tableLines(coloured, [{ id: 'a', name: '', count: 1 }], {
    width: undefined,
    colors: pc.createColors(true),
  });
  expect(row).toBe('\u001b[32ma\u001b[39m   1');
});
