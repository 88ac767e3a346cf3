import { join } from 'node:path';
import { defineConfig } from 'vite';

const service = process.env['SERVICE_URL'] ?? 'http://127.0.0.1:7333';

/** Builds the dashboard; `npx vite src/dashboard` serves it while it is worked on, against a service that runs. */
export default defineConfig({
  root: import.meta.dirname,
  // Relative: the service may be opened below a path.
  base: './',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    outDir: join(import.meta.dirname, '../../dist/dashboard'),
    emptyOutDir: true,
    target: 'es2022',
    // A data: URL would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      ['/v1', '/session', '/docs', '/openapi.json'].map((path) => [
        path,
        { target: service, changeOrigin: true },
      ]),
    ),
  },
});
