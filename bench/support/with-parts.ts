/** Parts that run, stopped in reverse at the end of some work, however that ends. */
export async function withParts<T>(
  work: (
    keep: <Part extends { stop(): Promise<void> }>(starting: Promise<Part>) => Promise<Part>,
  ) => Promise<T>,
): Promise<T> {
  const parts: { stop(): Promise<void> }[] = [];
  try {
    return await work(async (starting) => {
      const part = await starting;
      parts.push(part);
      return part;
    });
  } finally {
    for (const part of parts.reverse()) await part.stop();
  }
}
