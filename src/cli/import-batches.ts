import type { ScorecardRow } from './scorecard-file';

/** Below the API's limit for a body, with room for what is around the scorecards. Bytes. */
const MAX_BATCH_BYTES = 200_000;

/** Cuts what is imported into requests that the API takes. */
export function batchesOf(rows: readonly ScorecardRow[], maxBytes = MAX_BATCH_BYTES): ScorecardRow[][] {
  const batches: ScorecardRow[][] = [];
  let bytes = Infinity;
  for (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify(row.scorecard)) + 1;
    if (bytes + size > maxBytes) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(row);
    bytes += size;
  }
  return batches;
}
