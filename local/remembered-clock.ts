import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../functions/incident/clock.ts';
import { scaledClock } from './clocks.ts';

/** How often the time is written down, in the machine's milliseconds. */
const EVERY_MS = 500;

/**
 * Local mode's clock over restarts. A `--speed` has moved it ahead of the machine's; if the next process began at the
 * machine's time again, everything stored would lie in its future. So it goes on from where it was, never back.
 */
export function rememberedClock(dataDir: string, speed: number): Clock & { speed: number } {
  const file = join(dataDir, 'clock');
  // What passed between two notes is lost with a killed process: so much is added.
  const clock = scaledClock(speed, Math.max(Date.now(), remembered(file) + EVERY_MS * speed));
  const note = () => {
    writeFileSync(`${file}.new`, clock.now().toISOString());
    renameSync(`${file}.new`, file);
  };
  note();
  setInterval(note, EVERY_MS).unref();
  return clock;
}

function remembered(file: string): number {
  try {
    return Date.parse(readFileSync(file, 'utf8')) || 0;
  } catch {
    return 0;
  }
}
