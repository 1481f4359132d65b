/** How often a condition is looked at again, in the machine's milliseconds. */
const EVERY_MS = 100;

/**
 * Waits until something has come to be, and gives it back.
 * @param look `undefined` or `false` for "not yet"
 * @param withinMs the machine's milliseconds, whatever the speed of the clock that is under test
 * @throws {Error} saying what has not come true in time
 */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs: number,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`${what}: it had not come true after ${withinMs / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}
