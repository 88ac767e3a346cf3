import { z } from 'zod';
import { lineOfText } from '../rules/text';

const MAX_CURSOR_LENGTH = 4_096;

/** What a list begins after: an id, the number of an entry, or how far each of the lists is that it is made of. */
export type Position = string | number | { after: string; offset: number };

/** The query of a list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'How many at most.' }),
  cursor: lineOfText(MAX_CURSOR_LENGTH)
    .optional()
    .meta({ description: '`next_cursor` of the page before. Absent: the first page.' }),
};

/** Where a page of ids begins. */
export const idCursor = cursorOf(lineOfText(MAX_CURSOR_LENGTH));
/** Where a page of numbered entries begins. */
export const numberCursor = cursorOf(z.int().min(0));
/** Where a page begins of what has two orders: an id, and a number. */
export const idAndNumberCursor = cursorOf(
  z.strictObject({ after: lineOfText(MAX_CURSOR_LENGTH), offset: z.int().min(0) }),
);

/** The query of a list that is in the order of ids. */
export const idPageQuery = z.strictObject({ ...pageQuery, cursor: idCursor });

/** A page in an answer. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next_cursor: z
      .string()
      .nullable()
      .meta({ description: 'Gets the next page; null: this is the last one.' }),
  });
}

/**
 * Makes a page of rows that were read with a limit of one more than was asked for, which tells whether there is a next page.
 *
 * @param position where the page after a row begins
 */
export function pageFrom<Row, Item>(
  rows: readonly Row[],
  limit: number,
  position: (row: Row) => Position,
  item: (row: Row) => Item,
): { items: Item[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    next_cursor: rows.length > limit && last !== undefined ? cursorAt(position(last)) : null,
  };
}

/** Opaque, so that nobody builds one. */
export function cursorAt(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

function cursorOf<T extends z.ZodType<Position>>(position: T) {
  return pageQuery.cursor.transform((text, context): z.output<T> | undefined => {
    if (text === undefined) return undefined;
    const parsed = position.safeParse(decode(text));
    if (parsed.success) return parsed.data;
    context.addIssue('is none that this list gave');
    return z.NEVER;
  });
}

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
