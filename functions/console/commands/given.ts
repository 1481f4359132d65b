import * as z from 'zod';
import { redact } from '../../run-step/redact.ts';
import type { Surroundings } from '../../surroundings.ts';

/** A person by the name that they gave. It is asked for everywhere: each transition has somebody who made it. */
export const By = z.string().trim().min(1).max(200);

/** A person's own words. Secrets that were pasted into them do not reach the table. */
export const words = (most: number) => z.string().trim().max(most).transform(redact);

export const Reason = words(1_000).default('');

/** What every transition of an incident takes. */
export const Transition = z.strictObject({ by: By, reason: Reason });

/** What a person does to the incident with this id. What they gave is checked before anything else is done. */
export type IncidentCommand<R> = (around: Surroundings) => (id: string, given: unknown) => Promise<R>;
