/** Which methods an address has: for 405, and for OPTIONS. */
export class AllowedMethods {
  private readonly routes: { pattern: RegExp; method: string }[] = [];

  /** @param url as routes have it, e.g. `/v1/rules/:id` */
  add(method: string | readonly string[], url: string): void {
    const pattern = new RegExp(
      `^${url
        .replace(/[.]/g, '\\.')
        .replace(/\*/g, '.*')
        .replace(/:[^/]+/g, '[^/]+')}$`,
    );
    for (const each of [method].flat()) this.routes.push({ pattern, method: each });
  }

  /** @param path without its query */
  of(path: string): string[] {
    const methods = this.routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    return [...new Set(methods)].sort();
  }
}
