import * as z from 'zod';
import type { Runbook } from '../../../runbooks/language/definition.ts';
import { parameterRows } from '../../../runbooks/language/parameter-rows.ts';
import { idFrom, incidentOfExecution } from '../../incident/ids.ts';
import type { Surroundings } from '../../surroundings.ts';
import { absent, checked } from '../rejected.ts';
import { By, Reason } from './given.ts';

/** Strict, because a misspelt `dryRun` would run for real. */
const Start = z.strictObject({
  parameters: z.record(z.string(), z.unknown()).default({}),
  reason: Reason,
  dryRun: z.boolean().default(false),
  by: By,
});

/** A run that was started. Its incident is written by its first state, a moment later. */
export interface Started {
  execution: string;
  name: string;
  runbook: string;
  incidentId: string;
  parameters: Record<string, unknown>;
  dryRun: boolean;
}

/**
 * Starts a runbook by hand, or rehearses it. Parameters are checked here first, so that a person reads at once what is wrong;
 * the run's first state checks them again.
 * @param request sent twice, it starts one run
 */
export const startByHand =
  (around: Surroundings) =>
  async (runbookId: string, given: unknown, request: string): Promise<Started> => {
    const runbook = knownRunbook(around, runbookId);
    const { by, reason, dryRun, parameters } = checked(Start, given);
    const takes = new Map(parameterRows(runbook.parameters).map((row) => [row.name, row.takes]));
    const checkedParameters = checked(z.strictObject(runbook.parameters.shape), parameters, 'parameters.', (name) =>
      takes.get(name),
    );
    const name = idFrom('execution', runbook.id, request);
    const machine = around.names.stateMachine(runbook.id);
    const execution = around.machines.executionArn(machine, name);
    await around.machines.start(machine, name, {
      parameters: checkedParameters,
      reason,
      requestedBy: by,
      ...(dryRun && { dryRun }),
    });
    const incidentId = incidentOfExecution(execution);
    return { execution, name, runbook: runbook.id, incidentId, parameters: checkedParameters, dryRun };
  };

/** @throws {Rejected} 404 when there is no such runbook */
export function knownRunbook(around: Pick<Surroundings, 'runbooks'>, id: string): Runbook {
  const runbook = around.runbooks.find((known) => known.id === id);
  if (!runbook) throw absent('runbook', 'the id of a runbook, such as system/name', `there is no runbook ${id.slice(0, 80)}`);
  return runbook;
}
