import { Context, Liquid, Output, filters } from 'liquidjs';
import type { FilterImplOptions, Template } from 'liquidjs';
import type { Json, JsonObject } from '../shared/json';
import { MAX_RENDER_MS, MAX_RENDER_WORK, MAX_TEMPLATE_BYTES } from '../shared/limits';

/**
 * The filters of templates: Liquid's own, less those that evaluate text as an expression (`where_exp`, …), answer
 * otherwise each time (`sample`) or serve HTML pages.
 */
const FILTERS = [
  'abs',
  'append',
  'array_to_sentence_string',
  'at_least',
  'at_most',
  'base64_decode',
  'base64_encode',
  'capitalize',
  'ceil',
  'compact',
  'concat',
  'date',
  'default',
  'divided_by',
  'downcase',
  'escape',
  'first',
  'floor',
  'join',
  'json',
  'last',
  'lstrip',
  'map',
  'minus',
  'modulo',
  'plus',
  'prepend',
  'remove',
  'remove_first',
  'replace',
  'replace_first',
  'reverse',
  'round',
  'rstrip',
  'size',
  'slice',
  'sort',
  'split',
  'strip',
  'strip_newlines',
  'sum',
  'times',
  'truncate',
  'truncatewords',
  'uniq',
  'upcase',
  'where',
] as const;

/** A value as part of a text: lists and objects as their JSON, nothing for null. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What every output in a longer text goes through. Counted, as liquidjs does not. */
const asPartOfText: FilterImplOptions = function (value: unknown) {
  const text = textOf(value);
  this.context.memoryLimit.use(text.length);
  return text;
};

/** Liquid's own grows its text without being counted. */
const urlEncode: FilterImplOptions = function (value: unknown) {
  const text = encodeURIComponent(textOf(value)).replaceAll('%20', '+');
  this.context.memoryLimit.use(text.length);
  return text;
};

/**
 * A Liquid of outputs alone: no tags, so no loops, no assignments, no files. `parseLimit` bounds the text, and what is
 * rendered is bounded by `Renderer`. `ownPropertyOnly` hides what objects inherit.
 */
function engine(outputEscape?: FilterImplOptions): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    keepOutputType: true,
    // No file system to look into.
    templates: {},
    locale: 'en-US',
    // UTC, wherever the program runs.
    timezoneOffset: 0,
    parseLimit: MAX_TEMPLATE_BYTES,
    ...(typeof outputEscape === 'function' && { outputEscape }),
  });
  for (const name of Object.keys(liquid.tags)) Reflect.deleteProperty(liquid.tags, name);
  for (const name of Object.keys(liquid.filters)) Reflect.deleteProperty(liquid.filters, name);
  for (const name of FILTERS) {
    const filter = filters[name];
    if (filter !== undefined) liquid.registerFilter(name, filter);
  }
  liquid.registerFilter('url_encode', urlEncode);
  return liquid;
}

const forValues = engine();
const forTexts = engine(asPartOfText);

/**
 * Parses a text that may hold `{{ … }}`. One that is an output and nothing else renders as the output's value, others as
 * a text. @throws Error with a message for people
 */
export function parseTemplate(text: string): Template[] {
  if (text.includes('{%')) throw new Error('must not have tags ({% … %}): there are only outputs, {{ … }}');
  const templates = forValues.parse(text);
  return templates.length === 1 && templates[0] instanceof Output ? templates : forTexts.parse(text);
}

/** What renders the texts of one body, with one bound for all of them. */
export class Renderer {
  private readonly context: Context;

  constructor(values: JsonObject) {
    // memoryLimit adds up what filters make; renderLimit is a point in time, looked at before each output.
    this.context = new Context(values, forValues.options, {
      sync: true,
      memoryLimit: MAX_RENDER_WORK,
      renderLimit: MAX_RENDER_MS,
    });
  }

  /** @throws Error when it cannot be rendered within the bounds */
  render(text: string): Json | undefined {
    return forValues.renderSync(parseTemplate(text), this.context) as Json | undefined;
  }
}
