/** The machine's clock that only goes forward: the same in all processes. Milliseconds. */
export function clockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
