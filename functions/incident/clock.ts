/**
 * The one clock. Nothing in Firebreak reads the machine's own time or sleeps on its own: whoever needs time
 * takes a clock as an argument, so that minutes can pass faster (`--speed`) and tests never wait.
 */
export interface Clock {
  /** The time now, which a `--speed` may have moved ahead of the machine's. */
  now(): Date;
  /** Resolves after `ms` milliseconds of this clock's time. */
  sleep(ms: number): Promise<void>;
  /** How many times faster than the machine's it runs; as fast, if not said. A page that counts down has to know. */
  readonly speed?: number;
}

/** The machine's own time: what runs on AWS. */
export const machineClock: Clock = {
  now: () => new Date(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms))),
};

/** ISO 8601 in UTC with milliseconds, the one form in which times are stored. */
export function iso(date: Date): string {
  return date.toISOString();
}

/** The time `ms` milliseconds after an ISO time, as ISO. */
export function after(isoTime: string, ms: number): string {
  return new Date(Date.parse(isoTime) + ms).toISOString();
}

/** Milliseconds from one ISO time to another. */
export function between(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}
