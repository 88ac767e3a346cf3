import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The bundles that the build makes: for unversioned workers, and for versioned ones. */
export type BundleName = 'workflow-bundle' | 'versioned-workflow-bundle';

/** The path of a bundle, beside the programs. */
export function bundleFile(name: BundleName): string {
  return join(__dirname, '..', `${name}.js`);
}

/** Where the build keeps its id. */
export const BUILD_ID_FILE = join(__dirname, '../build-id');

/** The id of this build: builds with the same workflows have the same one, wherever they were built. */
export function readBuildId(): string {
  return readFileSync(BUILD_ID_FILE, 'utf8');
}
