import type { Incident } from '../../incident/incident.ts';
import { acknowledge } from './acknowledge.ts';
import { close } from './close.ts';
import { escalateNow } from './escalate-now.ts';
import type { IncidentCommand } from './given.ts';
import { handOver } from './hand-over.ts';
import { resolve } from './resolve.ts';
import { runAgain } from './run-again.ts';
import { rate } from './severity.ts';
import { snooze } from './snooze.ts';
import { stop } from './stop.ts';
import { takeOver } from './take-over.ts';
import { undo } from './undo.ts';

/** What a person can do to an incident, by the last part of its address. Each takes `by` and `reason`; some take more. */
export const TRANSITIONS: Readonly<Record<string, IncidentCommand<Incident>>> = {
  acknowledge,
  resolve,
  close,
  'take-over': takeOver,
  'hand-over': handOver,
  snooze,
  severity: rate,
  'escalate-now': escalateNow,
  'run-again': runAgain,
  stop,
  undo,
};
