import type { Runbook } from '../../runbooks/language/definition.ts';
import { worse } from '../../runbooks/language/severity.ts';
import type { Signal } from '../../runbooks/language/signal.ts';
import { Conflict } from '../aws/table/items.ts';
import { startClimbing } from '../escalate/restart.ts';
import { announce } from '../events/announce.ts';
import { monitoring } from '../incident/actor.ts';
import type { Claim } from '../incident/claim.ts';
import { iso } from '../incident/clock.ts';
import { type Incident, isLive } from '../incident/incident.ts';
import { raiseGeneration } from '../incident/ladder/generation.ts';
import type { TimelineEvent } from '../incident/timeline.ts';
import { notify } from '../notices/notify.ts';
import { makeRun, startRun } from '../run-step/start-run.ts';
import { runbookOf, type Surroundings, systemOf } from '../surroundings.ts';
import { parametersFrom } from './open-incident.ts';
import { signalEvent } from './signal-event.ts';

/** What answers to a signal. */
export interface Chosen {
  runbook: string | null;
  severity: string;
}

/**
 * A repeat that is worse, or that another runbook answers to, changes the incident; any other is only counted.
 *
 * The incident with its run first, the claim last: whoever dies in between has left nothing that says it is done, so that the
 * message, when it comes again, finds what there is and does the rest.
 */
export async function raise(around: Surroundings, claim: Claim, signal: Signal, chosen: Chosen): Promise<void> {
  const { incidentId, severity: before = '', runbooks } = claim;
  if (!incidentId) return;
  const isWorse = worse(systemOf(around, signal.system).severities, chosen.severity, before);
  const runbook = chosen.runbook !== null && !runbooks.includes(chosen.runbook) ? runbookOf(around, chosen.runbook) : undefined;
  if (!isWorse && !runbook) return;
  const severity = isWorse ? chosen.severity : before;
  const incident = await around.store.incidents.change(incidentId, (one) => worsened(around, one, signal, severity, runbook));
  if (!isLive(incident)) return;
  // A person may have said that it is worse than this signal does.
  const risen = isWorse && incident.severity === severity ? [raisedEvent(signal, before, severity)] : [];
  await around.store.incidents.tell(incidentId, signalEvent(signal), ...risen);
  const run = runbook && firstRunOf(incident, runbook);
  if (run && !run.endedAt) await startRun(around, runbook, incidentId, run);
  if (isWorse) await startClimbing(around, incident);
  await announce(around, incident, ...risen);
  // Worse than before, it may concern more people.
  if (isWorse) await notify(around, incident, 'opened');
  try {
    await around.store.claims.raise(claim, severity, runbook ? [...runbooks, runbook.id] : runbooks);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    // Another signal raised it at the same moment, perhaps to less than this one: look again at what is left to do.
    const now = await around.store.claims.get(claim.dedupKey);
    if (now?.incidentId === incidentId) await raise(around, now, signal, chosen);
  }
}

/**
 * The incident as the signal makes it, with the run that it starts. No signal makes it less severe; what is worse begins a generation
 * of its ladder in the same write.
 * @returns `undefined` where an earlier attempt has done it
 */
function worsened(
  around: Surroundings,
  before: Incident,
  signal: Signal,
  wanted: string,
  runbook: Runbook | undefined,
): Incident | undefined {
  if (!isLive(before)) return undefined;
  const isWorse = worse(systemOf(around, signal.system).severities, wanted, before.severity);
  const severity = isWorse ? wanted : before.severity;
  const why = `${signal.alert} has become worse: ${before.severity} to ${severity}`;
  const climbing = (one: Incident) => (isWorse ? raiseGeneration(one, iso(around.clock.now()), why) : one);
  // What a person has taken over stays theirs.
  if (!runbook || firstRunOf(before, runbook) || before.automation === 'taken-over')
    return isWorse ? climbing({ ...before, severity }) : undefined;
  const run = makeRun(around, runbook, before.id, before.run + 1, {
    by: monitoring(signal.source.kind),
    reason: `${signal.alert} now selects this runbook`,
    parameters: parametersFrom(runbook, signal),
  });
  return climbing({
    ...before,
    severity,
    runbook: runbook.id,
    title: runbook.title,
    automation: 'running',
    run: run.number,
    runs: { ...before.runs, [String(run.number)]: run },
  });
}

const firstRunOf = (incident: Incident, runbook: Runbook) =>
  Object.values(incident.runs).find((run) => run.runbook === runbook.id);

function raisedEvent(signal: Signal, from: string, to: string): TimelineEvent {
  return {
    v: 1,
    type: 'severity-raised',
    at: signal.receivedAt,
    key: `severity-${to}`,
    by: monitoring(signal.source.kind),
    from,
    to,
  };
}
