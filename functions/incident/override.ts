import * as z from 'zod';

/**
 * What of the gate a person may go over, with a reason and for one run: the budget of the breaker, and the guard that asks where a
 * deployment runs, has just ended, or can't be ruled out. Nothing else: not a question that somebody else must answer, not who has
 * taken it over, not a maintenance, not a lock, not facts that are old.
 */
export const OVERRIDES = ['breaker', 'deployment'] as const;
export const Override = z.enum(OVERRIDES);
export type Override = z.infer<typeof Override>;

/** As people and machines say it. Each counts once, however often it is named. */
export const Overrides = z
  .array(Override)
  .max(10)
  .default([])
  .transform((given) => OVERRIDES.filter((one) => given.includes(one)));

/** As a person reads it: `the breaker and the deployment guard`. */
export const spokenOverride = (override: readonly Override[]): string => override.map((one) => WORDS[one]).join(' and ');

const WORDS: Readonly<Record<Override, string>> = { breaker: 'the breaker', deployment: 'the deployment guard' };
