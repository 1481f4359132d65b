import type { Tally } from '../tally.ts';
import type { Bus } from './bus.ts';
import type { Place } from './place.ts';
import type { Runs } from './runs.ts';
import type { Signals } from './signals.ts';

export const DISK = 'sira/disk-space-low';
export const DOWN = 'sira/application-down';
export const RESPONDING = 'saveit/application-not-responding';
export const BROKER = 'saveit/mqtt-broker-down';
export const ERRORS = 'saveit/recent-errors';
export const DEBUG = 'saveit/debug-pod';
/** Who does by hand what is done by hand here. */
export const BY = 'Ada';

/** What each of the stories plays on. */
export interface Stage {
  place: Place;
  results: Tally;
  runs: Runs;
  signals: Signals;
  bus: Bus;
}
