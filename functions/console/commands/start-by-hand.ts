import * as z from 'zod';
import type { Runbook } from '../../../runbooks/language/definition.ts';
import { parameterRows } from '../../../runbooks/language/parameter-rows.ts';
import { storyOf } from '../../aws-console.ts';
import type { Actor } from '../../incident/actor.ts';
import { idFrom, incidentOfExecution } from '../../incident/ids.ts';
import { Overrides } from '../../incident/override.ts';
import type { Surroundings } from '../../surroundings.ts';
import { absent, checked } from '../rejected.ts';
import { By, mustSayWhy, Reason } from './given.ts';

/** Strict, because a misspelt `dryRun` would run for real. */
const Start = z.strictObject({
  reason: Reason,
  dryRun: z.boolean().default(false),
  by: By,
  override: Overrides,
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
 * @param from whoever their way in says they are, where it does: the same name as was given; never from what was sent
 */
export const startByHand =
  (around: Surroundings) =>
  async (runbookId: string, given: unknown, request: string, from?: Actor): Promise<Started> => {
    const runbook = knownRunbook(around, runbookId);
    const { by, reason, dryRun, parameters, override } = checkedStart(runbook, given);
    const name = idFrom('execution', runbook.id, request);
    const machine = around.names.stateMachine(runbook.id);
    const execution = around.machines.executionArn(machine, name);
    const incidentId = incidentOfExecution(execution);
    await around.machines.start(machine, name, {
      parameters,
      reason,
      requestedBy: by,
      ...(from?.via && { requestedOn: from.via }),
      ...(dryRun && { dryRun }),
      ...(override.length > 0 && { override }),
      see: storyOf(around, incidentId),
    });
    return { execution, name, runbook: runbook.id, incidentId, parameters, dryRun };
  };

/**
 * What a run is started with, every part of it checked.
 * @throws {Rejected} with each fault, of the parameters too
 */
export function checkedStart(runbook: Runbook, given: unknown) {
  const takes = new Map(parameterRows(runbook.parameters).map((row) => [row.name, row.takes]));
  const whole = Start.extend({ parameters: z.strictObject(runbook.parameters.shape).prefault({}) });
  const start = checked(whole, given, '', (field, [, name]) => (field === 'parameters' ? takes.get(String(name)) : undefined));
  mustSayWhy(start.override, start.reason);
  return start;
}

/** @throws {Rejected} 404 when there is no such runbook */
export function knownRunbook(around: Pick<Surroundings, 'runbooks'>, id: string): Runbook {
  const runbook = around.runbooks.find((known) => known.id === id);
  if (!runbook) throw absent('runbook', 'the id of a runbook, such as system/name', `there is no runbook ${id.slice(0, 80)}`);
  return runbook;
}
