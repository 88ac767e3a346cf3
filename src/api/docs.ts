import { createReadStream } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ApiApp } from './app';

/**
 * The files of Swagger UI, as they come with @fastify/swagger-ui. The plug-in itself is not used: what it depends on needs
 * Node 22.
 */
const ASSET_FOLDER = join(dirname(require.resolve('@fastify/swagger-ui/package.json')), 'static');
const ASSETS = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

// Addresses are relative, so that the page works below another path too.
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Rule Webhooks API</title>
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;
const START = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
});
`;

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/** The OpenAPI document at /openapi.json, and a page that shows it at /docs: of our own files, so that it works offline. */
export function serveDocumentation(app: ApiApp): void {
  const route = { config: { access: 'public' }, schema: { hide: true } } as const;
  let document: string | undefined;
  app.get('/openapi.json', route, async (_request, reply) => {
    document ??= JSON.stringify(app.swagger());
    return reply.type('application/json; charset=utf-8').send(document);
  });
  app.get('/docs', route, async (_request, reply) =>
    reply.headers(SECURITY_HEADERS).type('text/html; charset=utf-8').send(PAGE),
  );
  app.get('/docs/start.js', route, async (_request, reply) =>
    reply.headers(SECURITY_HEADERS).type('text/javascript; charset=utf-8').send(START),
  );
  for (const [name, type] of Object.entries(ASSETS)) {
    app.get(`/docs/${name}`, route, async (_request, reply) =>
      reply
        .headers({ ...SECURITY_HEADERS, 'cache-control': 'public, max-age=3600' })
        .type(type)
        .send(createReadStream(join(ASSET_FOLDER, name))),
    );
  }
}
