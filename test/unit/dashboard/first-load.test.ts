import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DASHBOARD = join(__dirname, '../../../dist/dashboard');

/** What a browser must have before the first page is there. Bytes, compressed. */
const MAX_FIRST_LOAD = 200 * 1_024;

it('the first load of the dashboard is under 200 KB', () => {
  const page = readFileSync(join(DASHBOARD, 'index.html'), 'utf8');
  const assets = [...page.matchAll(/(?:src|href)="\.(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
  expect(assets.some((path) => path.endsWith('.js'))).toBe(true);
  const bytes = assets.map((path) => gzipSync(readFileSync(join(DASHBOARD, path))).length);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_FIRST_LOAD);
});
