import { machineClock } from '../../functions/incident/clock.ts';
import type { WorkingClock } from '../../local/clocks.ts';

/** The machine's clock, which can skip the time between two measurements. What is measured takes the time that it takes. */
export interface SkippingClock extends WorkingClock {
  skip(ms: number): void;
}

export function skippingClock(): SkippingClock {
  let skipped = 0;
  return {
    now: () => new Date(machineClock.now().getTime() + skipped),
    sleep: machineClock.sleep,
    during: (work) => work,
    resting: (wait) => wait,
    skip: (ms) => {
      skipped += ms;
    },
  };
}
