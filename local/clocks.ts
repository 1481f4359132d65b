import type { Clock } from '../functions/incident/clock.ts';

/** A clock that knows when the real world is at work. */
export interface WorkingClock extends Clock {
  /** Work of the real world (a script, a call). */
  during<T>(work: Promise<T>): Promise<T>;
  /** A wait in the midst of such work (a script that sleeps): while it lasts, time goes on as if nothing were at work. */
  resting<T>(wait: Promise<T>): Promise<T>;
}

/**
 * Local mode's clock: starts at the machine's time and runs `speed` times faster, but for the time in which something is really
 * at work: a script that takes two seconds here would have taken two there, too, and not two minutes.
 */
export function scaledClock(
  speed: number,
  start: number = Date.now(),
  machineNow: () => number = Date.now,
): WorkingClock & { speed: number } {
  let told = start;
  let toldAt = machineNow();
  let working = 0;
  const asleep = new Map<symbol, { at: number; timer: NodeJS.Timeout; wake: () => void }>();
  const rate = () => (working > 0 ? 1 : speed);
  const now = () => told + (machineNow() - toldAt) * rate();

  const setTimer = (key: symbol, at: number, wake: () => void) => {
    const timer = setTimeout(
      () => {
        asleep.delete(key);
        wake();
      },
      Math.max(0, at - now()) / rate(),
    );
    // A ladder may wait for Monday. The server keeps local mode alive; when it is closed, nobody waits for that.
    timer.unref();
    asleep.set(key, { at, timer, wake });
  };
  /** Time goes on from here at another pace: whoever sleeps is to wake at the same time of this clock. */
  const change = (by: number) => {
    const paceChanges = speed !== 1 && (working === 0 || working + by === 0);
    if (paceChanges) {
      told = now();
      toldAt = machineNow();
    }
    working += by;
    if (!paceChanges) return;
    for (const [key, { at, timer, wake }] of [...asleep]) {
      clearTimeout(timer);
      setTimer(key, at, wake);
    }
  };
  return {
    speed,
    now: () => new Date(now()),
    sleep: (ms) => new Promise((resolve) => setTimer(Symbol(), now() + Math.max(0, ms), resolve)),
    during: async (work) => {
      change(1);
      try {
        return await work;
      } finally {
        change(-1);
      }
    },
    resting: async (wait) => {
      change(-1);
      try {
        return await wait;
      } finally {
        change(1);
      }
    },
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

/** A clock that moves only when it is driven, and stands still while something is at work. */
export interface VirtualClock extends WorkingClock {
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
  let over = Promise.withResolvers<void>();
  let asleep: { at: number; wake: () => void }[] = [];
  const begin = () => {
    if (working === 0) over = Promise.withResolvers<void>();
    working += 1;
  };
  const end = () => {
    working -= 1;
    if (working === 0) over.resolve();
  };
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const settled = async () => {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet = working > 0 ? 0 : quiet + 1) {
      // Not asked again and again: the work may be that of another process, which needs the core.
      if (working > 0) await over.promise;
      await turn();
    }
  };
  return {
    now: () => new Date(now),
    sleep: (ms) => new Promise<void>((wake) => void asleep.push({ at: now + Math.max(0, ms), wake })),
    during: async (work) => {
      begin();
      try {
        return await work;
      } finally {
        end();
      }
    },
    resting: async (wait) => {
      end();
      try {
        return await wait;
      } finally {
        begin();
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
