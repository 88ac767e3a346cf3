import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiApp } from './app';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** What is compressed already. */
const COMPRESSED = new Set(['.png', '.ico', '.woff2']);

const PAGE = 'index.html';

/** How deep the address of a page may be: deeper than any is. */
const MAX_DEPTH = 8;

/** What is no page of the dashboard, whoever asks. */
const NOT_PAGES =
  /^\/(v1|docs|openapi\.json|healthz|readyz|health|metrics|retry|temporal|session|assets)(\/|$)/;

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const NOT_BUILT = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Rule Webhooks</title></head>
  <body>
    <h1>The dashboard is not built</h1>
    <p>Run <code>npm run build</code> and start the service again. The API is described at <a href="docs">/docs</a>.</p>
  </body>
</html>
`;

/**
 * The dashboard's files, as its build has made them: a few hundred KB, so they are kept in memory, and compressed when they are
 * first asked for. Its pages are one document, which knows by itself what each address shows. What the document loads it names
 * relative to its own address: so the service may be opened below any path, which a proxy takes away.
 */
export class DashboardFiles {
  private readonly files: ReadonlyMap<string, ServedFile>;
  /** By how many folders deep its address is. */
  private readonly pages: readonly ServedFile[];

  /** @param folder what the build has made; there may be none */
  constructor(folder: string) {
    this.files = filesIn(folder);
    this.pages = pagesIn(folder);
  }

  /**
   * Sends the page to whoever asks for HTML where nothing else is. Must come before the guard, which asks for keys where no
   * route is.
   */
  servePages(app: ApiApp): void {
    app.addHook('onRequest', async (request, reply) => {
      if (!request.is404 || !['GET', 'HEAD'].includes(request.method)) return;
      const [path = ''] = request.url.split('?');
      const wantsPage = (request.headers.accept ?? '').includes('text/html') && !NOT_PAGES.test(path);
      const page = this.pages[path.split('/').length - 2];
      if (!wantsPage || page === undefined) return;
      reply.header('x-request-id', request.id);
      return send(page, request, reply);
    });
  }

  /** Serves the start page, which says so when nothing was built, and each file at its own address. */
  serveFiles(app: ApiApp): void {
    const [page] = this.pages;
    const route = { config: { access: 'public', rateLimit: false }, schema: { hide: true } } as const;
    app.get('/', route, async (request, reply) => {
      if (page !== undefined) return send(page, request, reply);
      return reply.code(503).headers(SECURITY_HEADERS).type('text/html; charset=utf-8').send(NOT_BUILT);
    });
    for (const [path, file] of this.files) {
      app.get(path, route, async (request, reply) => send(file, request, reply));
    }
  }
}

async function send(file: ServedFile, { headers }: FastifyRequest, reply: FastifyReply) {
  const { encoding, bytes } = await file.encoded(headers['accept-encoding'] ?? '');
  reply.headers({ ...SECURITY_HEADERS, 'cache-control': file.caching, vary: 'accept-encoding' });
  if (encoding !== undefined) reply.header('content-encoding', encoding);
  return reply.type(file.type).send(bytes);
}

/** One file, as it is sent. */
class ServedFile {
  readonly type: string;
  readonly caching: string;
  private readonly encoders: Readonly<Record<string, () => Promise<Buffer>>>;
  private readonly made = new Map<string, Promise<Buffer>>();

  constructor(
    path: string,
    private readonly bytes: Buffer,
  ) {
    const extension = extname(path);
    this.type = TYPES[extension] ?? 'application/octet-stream';
    // The names of assets have a hash of what is in them.
    this.caching = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    this.encoders = COMPRESSED.has(extension)
      ? {}
      : {
          br: () => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
          gzip: () => promisify(gzip)(bytes),
        };
  }

  /** @param accepted the header `Accept-Encoding` */
  async encoded(accepted: string): Promise<{ encoding?: string; bytes: Buffer }> {
    const taken = accepted.split(',').flatMap((each) => {
      const [name = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase());
      return parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) ? [] : [name];
    });
    for (const [encoding, encode] of Object.entries(this.encoders)) {
      if (!taken.includes(encoding)) continue;
      const made = this.made.get(encoding) ?? encode();
      this.made.set(encoding, made);
      return { encoding, bytes: await made };
    }
    return { bytes: this.bytes };
  }
}

/** The page, for each depth of its address. */
function pagesIn(folder: string): ServedFile[] {
  const file = join(folder, PAGE);
  if (!existsSync(file)) return [];
  const html = readFileSync(file, 'utf8');
  return Array.from({ length: MAX_DEPTH }, (_, depth) => {
    const root = depth === 0 ? './' : '../'.repeat(depth);
    return new ServedFile(PAGE, Buffer.from(html.replaceAll('="./', `="${root}`)));
  });
}

/** By the paths at which they are served. */
function filesIn(folder: string): Map<string, ServedFile> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    names
      .filter((name) => name !== PAGE && statSync(join(folder, name)).isFile())
      .map((name) => {
        const path = `/${name.split(sep).join('/')}`;
        return [path, new ServedFile(path, readFileSync(join(folder, name)))];
      }),
  );
}
