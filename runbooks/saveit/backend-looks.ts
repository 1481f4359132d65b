import { autoscalerState } from '../cluster/autoscaler-state.ts';
import { databaseSessions } from '../cluster/database-sessions.ts';
import { podState } from '../cluster/pod-state.ts';
import { podUsage } from '../cluster/pod-usage.ts';
import { rolloutState } from '../cluster/rollout-state.ts';
import { asked } from './database.ts';
import { freeConnections, type Sessions } from './scaling.ts';
import type { SaveitSettings } from './system.ts';

/** How the backend is looked at, whichever runbook does: each says in words of its own what it found. */

const IDLE_MINUTES = 10;

export const pods = {
  command: podState,
  with: (_: unknown, { backend }: SaveitSettings) => ({ selector: backend.selector }),
};
export const usage = {
  command: podUsage,
  with: (_: unknown, { backend }: SaveitSettings) => ({ selector: backend.selector }),
};
export const deployment = {
  command: rolloutState,
  on: ({ backend }: SaveitSettings) => [backend.deployment],
  with: (_: unknown, { backend }: SaveitSettings) => ({ deployment: backend.deployment }),
};
/** @param settleSeconds how long an autoscaler that is at work is given */
export const scaling = (settleSeconds: number) => ({
  command: autoscalerState,
  on: ({ backend }: SaveitSettings) => [backend.deployment],
  with: (_: unknown, { backend }: SaveitSettings) => ({ deployment: backend.deployment, settleSeconds }),
});
/** A pod more takes connections more: how many are left is asked of the database. */
export const sessions = {
  command: databaseSessions,
  with: (_: unknown, settings: SaveitSettings) => asked(settings, IDLE_MINUTES),
  // A Job takes its time, and what the others found must not be old when it comes to acting.
  freshFor: '3m' as const,
  says: (facts: Sessions) => {
    const free = freeConnections(facts);
    return free === null ? `not known: ${facts.words}` : `${free} connections are left of ${facts.most}`;
  },
};
