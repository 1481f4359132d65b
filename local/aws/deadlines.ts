import type { Clock } from '../../functions/incident/clock.ts';
import type { VirtualClock } from '../clocks.ts';

/** How often, in the machine's own milliseconds, it is looked whether something has come true. */
const LOOK_EVERY_MS = 5;

/**
 * Things that are due at a time of the clock, or when something comes true.
 *
 * A deadline is not a sleep: it never moves the clock. With the tests' leaping clock, where a sleep leaps, a deadline
 * passes only when something else has moved the time past it. Only the waits and retries of a state machine sleep.
 */
export interface Deadlines {
  /** @returns a function that takes it back */
  when(condition: () => boolean, act: () => void): () => void;
  /** @param at milliseconds since 1970, of the clock */
  at(at: number, act: () => void): () => void;
  /** Nothing that is still due will happen. */
  close(): void;
}

export function createDeadlines(clock: Clock | VirtualClock): Deadlines {
  const due = new Map<symbol, { condition: () => boolean; act: () => void }>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const rest = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const look = () => {
    for (const [key, { condition, act }] of [...due]) {
      if (!due.has(key) || !condition()) continue;
      due.delete(key);
      act();
    }
    if (due.size === 0) rest();
  };
  const when: Deadlines['when'] = (condition, act) => {
    const key = Symbol();
    if (closed) return () => {};
    due.set(key, { condition, act });
    timer ??= setInterval(look, LOOK_EVERY_MS).unref();
    return () => {
      due.delete(key);
      if (due.size === 0) rest();
    };
  };
  /** A clock that is driven goes from one sleeper's end to the next: a deadline must be one of them. */
  const asleep = (at: number, act: () => void) => {
    let wanted = true;
    void clock.sleep(at - clock.now().getTime()).then(() => {
      if (wanted && !closed) act();
    });
    return () => {
      wanted = false;
    };
  };
  return {
    when,
    at: (at, act) => ('drive' in clock ? asleep(at, act) : when(() => clock.now().getTime() >= at, act)),
    close: () => {
      closed = true;
      due.clear();
      rest();
    },
  };
}
