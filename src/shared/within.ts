/**
 * Waits for work for a limited time. The work goes on when that has passed, and nobody hears how it ends.
 *
 * @param ms of real time
 * @param tooLate gives what to go on with then, or throws
 */
export async function within<T, Late>(ms: number, work: Promise<T>, tooLate: () => Late): Promise<T | Late> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, passed.then(tooLate)]);
  } finally {
    clearTimeout(timer);
  }
}
