import type { Clock } from '../functions/incident/clock.ts';

/** Local mode's clock: starts at the machine's time and runs `speed` times faster. */
export function scaledClock(
  speed: number,
  start: number = Date.now(),
  machineNow: () => number = Date.now,
): Clock & { speed: number } {
  const origin = machineNow();
  return {
    speed,
    now: () => new Date(start + (machineNow() - origin) * speed),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms) / speed)),
  };
}

/** The tests' clock: stands still, and a sleep moves it ahead at once. */
export function leapingClock(start = Date.parse('2026-10-04T03:14:00Z')): Clock & { leap(ms: number): void } {
  let now = start;
  return {
    now: () => new Date(now),
    leap: (ms) => {
      now += ms;
    },
    sleep: async (ms) => {
      now += Math.max(0, ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
