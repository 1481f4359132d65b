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

/** A clock that moves only when it is driven, and only when nothing is at work. */
export interface VirtualClock extends Clock {
  /** Work of the real world (a script, a call): time stands still until it is over. */
  during<T>(work: Promise<T>): Promise<T>;
  /**
   * Lets time pass, from one sleeper's end to the next, until something has come true.
   * @throws {Error} when nobody sleeps any more, or `limitMs` of the clock's time have passed, and it still has not
   */
  drive(until: () => boolean | Promise<boolean>, limitMs: number): Promise<void>;
}

/** So many turns of the event loop without work, and nothing that was begun is still on its way to its next sleep. */
const QUIET_TURNS = 12;

/**
 * The time of whole-system tests: minutes pass at once, in the order in which they would have passed, and never while a script
 * or a call is under way.
 */
export function virtualClock(start = Date.parse('2026-10-04T03:14:00Z')): VirtualClock {
  let now = start;
  let working = 0;
  let asleep: { at: number; wake: () => void }[] = [];
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const settled = async () => {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet = working > 0 ? 0 : quiet + 1) await turn();
  };
  return {
    now: () => new Date(now),
    sleep: (ms) => new Promise<void>((wake) => void asleep.push({ at: now + Math.max(0, ms), wake })),
    during: async (work) => {
      working += 1;
      try {
        return await work;
      } finally {
        working -= 1;
      }
    },
    drive: async (until, limitMs) => {
      const limit = now + limitMs;
      for (;;) {
        await settled();
        if (await until()) return;
        const next = asleep.toSorted((a, b) => a.at - b.at)[0];
        if (!next || next.at > limit)
          throw new Error(
            next ? `it had not come true after ${limitMs / 1_000} s` : 'nobody waits any more, and it has not come true',
          );
        asleep = asleep.filter((sleeper) => sleeper !== next);
        now = Math.max(now, next.at);
        next.wake();
      }
    },
  };
}
