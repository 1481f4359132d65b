import * as z from 'zod';
import { type Actor, person } from '../../incident/actor.ts';
import { type Override, spokenOverride } from '../../incident/override.ts';
import { printableName } from '../../printable.ts';
import { redact } from '../../run-step/redact.ts';
import type { Surroundings } from '../../surroundings.ts';
import { checked, invalid } from '../rejected.ts';

/** A person by the name that they gave. It is asked for everywhere: each transition has somebody who made it. */
export const By = z.string().transform(oneLine).pipe(z.string().min(1).max(200));

/** In one line, and with nothing in it that is not shown: a name stands beside times and decisions, and must look like none of them. */
function oneLine(name: string): string {
  return printableName(name).replace(/\s+/g, ' ').trim();
}

/** As short as it was taken for: what stands for a secret can be longer than the secret was. */
const redactedTo = (most: number) => (text: string) => redact(text).slice(0, most);

/** A person's own words. Secrets that were pasted into them do not reach the table. */
export const words = (most: number) => z.string().trim().max(most).transform(redactedTo(most));

export const Reason = words(1_000).default('');

/** Where what is done must be understood by whoever comes after. */
export const GoodReason = z.string().trim().min(1).max(1_000).transform(redactedTo(1_000));

/** @throws {Rejected} where a guard of the gate is gone over, and nobody says why */
export function mustSayWhy(override: readonly Override[], reason: string): void {
  const why = `why it may go over ${spokenOverride(override)}`;
  if (override.length > 0 && reason === '') throw invalid('reason', why, `reason is missing: expected ${why}`);
}

/** What every transition of an incident takes. */
export const Transition = z.strictObject({ by: By, reason: Reason });

/** The same from somebody who need not say who they are. */
const Proven = Transition.omit({ by: true });

/**
 * Who asks for a transition, and why. Whoever a name is proven of by their way in gives none.
 * @param proven by a link of their own, for one; never from what was sent: nobody proves a name by saying it. The dashboard, which asks
 *   for the name itself, hands over an actor that says it is not verified
 */
export function askedBy(given: unknown, proven: Actor | undefined): { by: Actor; reason: string } {
  if (proven) return { by: proven, reason: checked(Proven, given).reason };
  const { by, reason } = checked(Transition, given);
  return { by: person(by), reason };
}

/**
 * The same where a transition takes more than that.
 * @param own what else it takes; what is neither is refused
 */
export function askedFor<S extends z.ZodObject>(own: S, given: unknown, proven: Actor | undefined) {
  const said = checked(own, given);
  const names = new Set(Object.keys(own.shape));
  const rest = Object.entries(checked(z.looseObject({}), given)).filter(([name]) => !names.has(name));
  return { ...askedBy(Object.fromEntries(rest), proven), said };
}

/**
 * What a person does to the incident with this id. What they gave is checked before anything else is done.
 * `proven` is whoever their way in has proven them to be, where it has.
 */
export type IncidentCommand<R> = (around: Surroundings) => (id: string, given: unknown, proven?: Actor) => Promise<R>;
