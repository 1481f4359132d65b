import * as z from 'zod';

/**
 * What a state of the machine can answer. The state machine branches on this closed set and on nothing else;
 * every decision behind it is TypeScript.
 *
 * - `done`: carried out, or found carried out already; onwards.
 * - `skipped`: there is no reason for it, or automation may only observe; onwards.
 * - `running`: not finished, or the system's lock is held: ask again after `waitSeconds`.
 * - `stale`: what is known is too old to act on: back to `Diagnose`, a new pass.
 * - `ask`: a person decides first: to `Approve: <title>`.
 * - `refused`: the gate says no: to a person.
 * - `failed`: tried, and it did not work: to a person.
 */
export const OUTCOMES = ['done', 'skipped', 'running', 'stale', 'ask', 'refused', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The one shape that travels between the states of a run. Facts and evidence live in the table, never here. */
export interface RunState {
  incidentId: string;
  /** Which run of the incident this is, from 1. */
  run: number;
  /** Which pass over the diagnosis, from 1. */
  pass: number;
  outcome: Outcome;
  /** How long to wait before asking again, in whole seconds; 0 unless the outcome is `running`. */
  waitSeconds: number;
  /** Why, in a sentence. Set when a run is rejected before it begins, so that the execution's cause names the reason. */
  message: string;
}

/** What a step's function answers, checked where one function calls another. */
export const RunOutcome = z.object({ outcome: z.enum(OUTCOMES), waitSeconds: z.number() });
