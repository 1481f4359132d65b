import * as z from 'zod';

/** What the gate before every act can answer. The answer and its reasons are in the timeline. */
export const GateAnswer = z.enum(['go', 'running', 'stale', 'skipped', 'ask', 'refused']);
export type GateAnswer = z.infer<typeof GateAnswer>;
