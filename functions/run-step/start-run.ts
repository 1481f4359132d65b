import type { Runbook } from '../../runbooks/language/definition.ts';
import { storyOf } from '../aws-console.ts';
import type { Actor } from '../incident/actor.ts';
import { iso } from '../incident/clock.ts';
import { executionName, type Incident, type Run } from '../incident/incident.ts';
import type { Override } from '../incident/override.ts';
import type { Surroundings } from '../surroundings.ts';

export interface NewRun {
  by: Actor;
  reason: string;
  parameters?: Record<string, unknown>;
  dryRun?: boolean;
  override?: readonly Override[];
}

/** A run as it is written down before it is started. */
export function makeRun(around: Surroundings, runbook: Runbook, incidentId: string, number: number, wanted: NewRun): Run {
  return {
    number,
    runbook: runbook.id,
    execution: around.machines.executionArn(around.names.stateMachine(runbook.id), executionName(incidentId, number)),
    startedAt: iso(around.clock.now()),
    by: wanted.by,
    reason: wanted.reason,
    parameters: wanted.parameters ?? {},
    dryRun: wanted.dryRun ?? false,
    ...(wanted.override && wanted.override.length > 0 && { override: [...wanted.override] }),
  };
}

/** Starts a run that was written down. Started twice, it is the same execution. */
export async function startRun(around: Surroundings, runbook: Runbook, incidentId: string, run: Run): Promise<void> {
  await around.machines.start(around.names.stateMachine(runbook.id), executionName(incidentId, run.number), {
    incidentId,
    reason: run.reason,
    requestedBy: run.by.name,
    parameters: run.parameters,
    ...(run.dryRun && { dryRun: true }),
    ...(run.override && { override: run.override }),
    see: storyOf(around, incidentId),
  });
}

/**
 * Runs a runbook once more for an incident: a new execution, which diagnoses afresh and acts only where there is still a reason.
 * @returns the incident with its new run
 */
export async function runAgain(around: Surroundings, runbook: Runbook, incidentId: string, wanted: NewRun): Promise<Incident> {
  const { incident, run } = await around.store.incidents.addRun(incidentId, (number) =>
    makeRun(around, runbook, incidentId, number, wanted),
  );
  await startRun(around, runbook, incidentId, run);
  return incident;
}
