import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scaledClock, type WorkingClock } from './clocks.ts';

/** How far ahead a time is written down, in the machine's milliseconds: so seldom is it written. */
const AHEAD_MS = 500;

/**
 * Local mode's clock over restarts. A `--speed` has moved it ahead of the machine's; if the next process began at the
 * machine's time again, everything stored would lie in its future. So it goes on from where it was, never back: no time is
 * told before a later one is on disk, and that is where the next process begins, however suddenly this one ended.
 *
 * @param machineNow milliseconds since 1970, in UTC
 */
export function rememberedClock(dataDir: string, speed: number, machineNow = Date.now): WorkingClock & { speed: number } {
  const file = join(dataDir, 'clock');
  const clock = scaledClock(speed, Math.max(machineNow(), remembered(file)), machineNow);
  let written = 0;
  return {
    ...clock,
    now: () => {
      const now = clock.now();
      if (now.getTime() >= written) {
        written = now.getTime() + AHEAD_MS * speed;
        writeFileSync(`${file}.new`, new Date(written).toISOString());
        renameSync(`${file}.new`, file);
      }
      return now;
    },
  };
}

function remembered(file: string): number {
  try {
    return Date.parse(readFileSync(file, 'utf8')) || 0;
  } catch {
    return 0;
  }
}
