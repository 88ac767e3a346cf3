import { Renderer } from './template-engine';
import { utf8Length } from '../shared/display';
import type { Json, JsonObject } from '../shared/json';
import { MAX_RENDERED_BYTES } from '../shared/limits';

/** A rendered body, which is JSON text; or why there is none. */
export type RenderedBody = { ok: true; body: string } | { ok: false; error: string };

/** Thrown to end what would become too long. */
class TooLongError extends Error {
  constructor() {
    super(`it would be longer than ${MAX_RENDERED_BYTES} bytes`);
  }
}

/**
 * Renders a step's body, as `bodyTemplateSchema` has it. Each text in it is rendered by itself and put into its place as
 * JSON, so no value can break out of it: `{"text": "Grade {{ trigger.current.grade }}"}`. A text that is one output and
 * no more becomes the value itself: `"{{ trigger.issues }}"` an object, `"{{ retries }}"` a number; what is not there
 * becomes null, and nothing within a longer text. Names of keys are not rendered. Never throws.
 *
 * The language is Liquid's (liquidjs), without its tags: paths such as `webhooks[0].response.body.id`, and filters such
 * as `{{ trigger.type | replace: "_", " " | upcase }}`, `default`, `date`, `join`, `json`. Times are in UTC.
 *
 * @param context event, trigger, webhooks, steps, execution_id, created_at, retries
 */
export function renderBody(template: Json, context: JsonObject): RenderedBody {
  try {
    const printer = new Printer(new Renderer(context));
    printer.print(template);
    return { ok: true, body: printer.text };
  } catch (error) {
    // Its kinds are many (Liquid's, an overflow of the stack), and what follows is the same for all.
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { ok: false, error: `the body cannot be made: ${message}` };
  }
}

/** Writes a template's JSON, with the texts in it rendered. */
class Printer {
  private readonly parts: string[] = [];
  private bytes = 0;

  constructor(private readonly renderer: Renderer) {}

  get text(): string {
    return this.parts.join('');
  }

  /** @throws TooLongError and whatever rendering throws */
  print(template: Json): void {
    if (Array.isArray(template)) {
      this.within('[', ']', template, (each) => {
        this.print(each);
      });
    } else if (typeof template === 'object' && template !== null) {
      this.within('{', '}', Object.entries(template), ([key, value]) => {
        this.write(`${JSON.stringify(key)}:`);
        this.print(value);
      });
    } else {
      const isTemplate = typeof template === 'string' && template.includes('{{');
      this.write(this.jsonOf((isTemplate ? this.renderer.render(template) : template) ?? null));
    }
  }

  private within<Item>(
    open: string,
    close: string,
    items: readonly Item[],
    print: (item: Item) => void,
  ): void {
    this.write(open);
    items.forEach((item, index) => {
      if (index > 0) this.write(',');
      print(item);
    });
    this.write(close);
  }

  /** A value's JSON; ends before it gets much longer than there is room for, as values may share the same large part. */
  private jsonOf(value: Json): string {
    let room = MAX_RENDERED_BYTES - this.bytes;
    return JSON.stringify(value, (key, each: unknown) => {
      room -= key.length + (typeof each === 'string' ? each.length : 1);
      if (room < 0) throw new TooLongError();
      return each;
    });
  }

  private write(json: string): void {
    this.bytes += utf8Length(json);
    if (this.bytes > MAX_RENDERED_BYTES) throw new TooLongError();
    this.parts.push(json);
  }
}
