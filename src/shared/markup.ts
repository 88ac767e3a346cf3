/** A piece of HTML, in which nothing that came from outside is markup. */
export class Markup {
  constructor(readonly html: string) {}
}

/**
 * Makes HTML of a template: whatever is filled in is escaped, for elements and for quoted attributes, unless it is Markup
 * itself.
 */
export function markup(
  strings: TemplateStringsArray,
  ...parts: (string | number | Markup | readonly Markup[])[]
): Markup {
  return new Markup(String.raw({ raw: strings }, ...parts.map(htmlOf)));
}

function htmlOf(part: string | number | Markup | readonly Markup[]): string {
  if (part instanceof Markup) return part.html;
  if (typeof part === 'object') return part.map(({ html }) => html).join('');
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
