import type { Formatter } from 'picocolors/types';
import { cleanLine, clip, displayWidth } from './text';

export type Color = 'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow';
export type Colors = Record<Color, Formatter>;

export interface Column<Row> {
  title: string;
  value: (row: Row) => string | number | null | undefined;
  color?: (row: Row) => Color | undefined;
  align?: 'right';
  /** May be cut when the terminal is narrow. */
  shrinks?: boolean;
  /** Left out when the terminal is narrow, the largest number first. */
  expendable?: number;
}

/** Columns between columns. */
const GAP = 2;
/** A column that shrinks keeps this much; before it gets below the other one, columns that can be spared are left out. */
const LEAST_WIDTH = 10;
const READABLE_WIDTH = 16;

/**
 * A table without borders: a line of titles, then one for each row.
 *
 * @param width of the terminal in columns; undefined: there is none, so nothing is cut or left out
 */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width, colors }: { width: number | undefined; colors: Colors },
): string[] {
  const cells = columns.map((column) => rows.map((row) => cellOf(column, row)));
  const natural = columns.map(({ title }, index) =>
    Math.max(displayWidth(title), ...(cells[index] ?? []).map(displayWidth)),
  );
  const widths = fitted(columns, natural, width);
  const shown = columns.map((_, index) => index).filter((index) => widths[index] !== undefined);
  const line = (texts: (index: number) => string, paint: (text: string, index: number) => string) =>
    shown
      .map((index, place) => {
        const columnWidth = widths[index] ?? 0;
        const text = clip(texts(index), columnWidth);
        const padding = ' '.repeat(columnWidth - displayWidth(text));
        if (columns[index]?.align === 'right') return padding + paint(text, index);
        return paint(text, index) + (place === shown.length - 1 ? '' : padding);
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  return [
    line(
      (index) => columns[index]?.title ?? '',
      (text) => colors.bold(text),
    ),
    ...rows.map((row, rowIndex) =>
      line(
        (index) => cells[index]?.[rowIndex] ?? '',
        (text, index) => {
          const color = columns[index]?.color?.(row);
          return color === undefined ? text : colors[color](text);
        },
      ),
    ),
  ];
}

function cellOf<Row>({ value }: Column<Row>, row: Row): string {
  return cleanLine(String(value(row) ?? '')) || '-';
}

/** The width of each column; undefined: it is left out. */
function fitted<Row>(
  columns: readonly Column<Row>[],
  natural: readonly number[],
  width = Infinity,
): (number | undefined)[] {
  const widths: (number | undefined)[] = [...natural];
  const total = (readable: boolean) =>
    widths.reduce<number>((sum, each, index) => {
      if (each === undefined) return sum;
      return sum + GAP + (readable && columns[index]?.shrinks ? Math.min(each, READABLE_WIDTH) : each);
    }, -GAP);
  const expendable = columns
    .map(({ expendable: rank = 0 }, index) => ({ rank, index }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank);
  for (const { index } of expendable) {
    if (total(true) <= width) break;
    widths[index] = undefined;
  }
  for (let excess = total(false) - width; excess > 0; excess -= 1) {
    const widest = widestShrinking(columns, widths);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function widestShrinking<Row>(
  columns: readonly Column<Row>[],
  widths: readonly (number | undefined)[],
): number | undefined {
  let widest: number | undefined;
  columns.forEach(({ shrinks }, index) => {
    const each = widths[index] ?? 0;
    if (shrinks && each > LEAST_WIDTH && each > (widths[widest ?? -1] ?? 0)) widest = index;
  });
  return widest;
}
