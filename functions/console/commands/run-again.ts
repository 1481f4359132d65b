import * as z from 'zod';
import { type Incident, isAtWork } from '../../incident/incident.ts';
import { Overrides } from '../../incident/override.ts';
import { makeRun, startRun } from '../../run-step/start-run.ts';
import type { Surroundings } from '../../surroundings.ts';
import { conflict } from '../rejected.ts';
import { askedFor, type IncidentCommand, mustSayWhy } from './given.ts';
import { knownIncident, mustBeLive } from './known.ts';

const Again = z.object({ override: Overrides });

/**
 * Runs the incident's runbook once more, with the parameters of its last run. The run is written down in the same write that
 * finds that none is under way, so that of two people who press at once one starts it and the other is told.
 */
export const runAgain: IncidentCommand<Incident> = (around) => async (id, given, proven) => {
  const { by, reason, said } = askedFor(Again, given, proven);
  const { override } = said;
  mustSayWhy(override, reason);
  const found = await knownIncident(around, id);
  mustBeLive(found);
  const runbook = runbookToRun(around, found);
  const incident = await around.store.incidents.change(id, (before) => {
    mustBeLive(before);
    if (isAtWork(before)) throw conflict('automation', 'no run under way', 'a run is under way already: stop it first');
    const last = before.runs[String(before.run)];
    const parameters = runbook.parameters.safeParse(last?.parameters ?? {});
    const run = makeRun(around, runbook, id, before.run + 1, {
      by,
      reason: reason || 'run again',
      parameters: parameters.success ? parameters.data : {},
      dryRun: before.origin === 'rehearsal',
      override,
    });
    return {
      ...before,
      run: run.number,
      runs: { ...before.runs, [String(run.number)]: run },
      automation: 'running',
      stop: null,
    };
  });
  const run = incident.runs[String(incident.run)];
  if (!run) throw new Error(`incident ${id} took no run`);
  await startRun(around, runbook, id, run);
  return incident;
};

function runbookToRun(around: Surroundings, incident: Incident) {
  const wanted = incident.runs[String(incident.run)]?.runbook ?? incident.runbook;
  const runbook = around.runbooks.find((known) => known.id === wanted);
  if (!runbook)
    throw conflict(
      'runbook',
      'an incident with a runbook',
      wanted ? `there is no runbook ${wanted} any more` : 'no runbook knows this alert: there is nothing to run',
    );
  return runbook;
}
