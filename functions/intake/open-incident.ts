import * as z from 'zod';
import type { Runbook } from '../../runbooks/language/definition.ts';
import { partsOfKey, type Signal } from '../../runbooks/language/signal.ts';
import { escalate } from '../escalate/escalate.ts';
import { startClimbing } from '../escalate/restart.ts';
import { announce } from '../events/announce.ts';
import { monitoring } from '../incident/actor.ts';
import type { Claim } from '../incident/claim.ts';
import { between, iso } from '../incident/clock.ts';
import { type Incident, isLive, opened, type Run } from '../incident/incident.ts';
import { beginGeneration } from '../incident/ladder/generation.ts';
import { countedReturn } from '../incident/metrics.ts';
import { openedEvent } from '../incident/timeline.ts';
import { notify } from '../notices/notify.ts';
import { assessWithoutRun } from '../run-step/impact-without-run.ts';
import { makeRun, startRun } from '../run-step/start-run.ts';
import { onlyLooks, runbookOf, type Surroundings } from '../surroundings.ts';
import { ABANDONED_MS } from './abandoned.ts';
import { putAside } from './maintained.ts';
import { lastOf, reopen } from './reopen.ts';
import { signalEvent } from './signal-event.ts';
import { seeTogether } from './together.ts';

/**
 * Makes the incident that a claim stands for: writes it with its first run, tells how it began, starts the runbook, and says
 * that it is open. Every part finds its own earlier attempt, so that whoever meets an abandoned claim can complete it.
 *
 * What is worked on opens nothing, and what fires again just after its end is the incident that it was.
 *
 * @param signal `null` when `watch` completes what intake left: the claim says enough
 * @returns whether the claim stands for that incident: not where it was handled before, or is another's
 */
export async function openIncident(around: Surroundings, claim: Claim, signal: Signal | null): Promise<boolean> {
  if (await putAside(around, claim)) return false;
  const before = await lastOf(around, claim);
  if (await reopen(around, claim, before, signal)) return false;
  const { incidentId = '', dedupKey } = claim;
  const mine = firstRecord(around, claim, signal);
  const created = await around.store.incidents.create(mine);
  if (created && before) countedReturn(before, mine, onlyLooks(around)).forEach(around.count);
  // An earlier attempt may have ended before it told: what it wrote down is told, at the time that it wrote.
  const incident = created ? mine : ((await around.store.incidents.get(incidentId)) ?? mine);
  // The message comes again after its incident is over: it was handled long ago, and must not tie the key to that incident.
  if (!created && !isLive(incident)) {
    await around.store.claims.release(claim, null);
    return false;
  }
  const first = incident.signal ?? signal;
  const opening = openedEvent(incident);
  await around.store.incidents.tell(incidentId, opening, ...(first ? [signalEvent(first)] : []));
  const run = incident.runs['1'];
  // The start first: it is what somebody waits for. Without one there is only a page, which a storm's page may make needless.
  if (run) await started(around, claim, run);
  // Whether or not the automation is at work already: the ladder says who is paged from now on, and when. Where nothing is at work
  // the incident is handed over below, and its ladder begins with that.
  if (run) await startClimbing(around, incident);
  await seeTogether(around, incident);
  if (!run) {
    await assessWithoutRun(around, incident);
    const why = `No runbook answers to ${incident.alert}: it is for a person`;
    await escalate(around, { incidentId, run: 0, why, ended: 'escalated' });
  }
  // Before the claim says that it is open: until then whoever comes next does all of this again.
  await announce(around, incident, opening);
  await notify(around, incident, 'opened');
  await around.store.claims.opened(dedupKey, incidentId);
  return true;
}

/**
 * Starts the first run. What has failed for longer than it takes to try again is a person's: an alarm must not wait for ever.
 * @throws what the start threw, while another try may help
 */
async function started(around: Surroundings, { incidentId = '', openingSince }: Claim, run: Run): Promise<void> {
  try {
    await startRun(around, runbookOf(around, run.runbook), incidentId, run);
  } catch (error) {
    if (!openingSince || between(openingSince, iso(around.clock.now())) <= ABANDONED_MS) throw error;
    const why = `The runbook could not be started: ${error instanceof Error ? error.message : String(error)}`;
    await escalate(around, { incidentId, run: run.number, why, ended: 'interrupted' });
  }
}

function firstRecord(around: Surroundings, claim: Claim, signal: Signal | null): Incident {
  const { incidentId = '', dedupKey, severity = '' } = claim;
  const { system, alert, target } = signal ?? partsOfKey(dedupKey);
  const runbook = claim.runbooks[0] ? runbookOf(around, claim.runbooks[0]) : undefined;
  const by = monitoring(signal?.source.kind ?? claim.sources[0]?.kind ?? 'monitoring');
  const parameters = runbook && signal ? parametersFrom(runbook, signal) : {};
  const run = runbook && makeRun(around, runbook, incidentId, 1, { by, reason: `${alert} fires`, parameters });
  const beginning = {
    id: incidentId,
    system,
    alert,
    target,
    runbook: runbook?.id ?? null,
    title: runbook?.title ?? alert,
    severity,
    origin: 'signal' as const,
    openedAt: iso(around.clock.now()),
    openedBy: by,
    seen: claim.seen,
    dedupKey,
    signal,
  };
  const incident = opened(beginning, run);
  return run ? beginGeneration(incident, incident.openedAt, `${alert} fires`) : incident;
}

/** What the signal says of the runbook's parameters. A label is untrusted: what the schema refuses is left to its default. */
export function parametersFrom(runbook: Runbook, signal: Signal): Record<string, unknown> {
  const said = Object.entries(runbook.fromSignal(signal)).filter(([name, value]) => {
    const schema = runbook.parameters.shape[name];
    return value !== undefined && schema !== undefined && z.safeParse(schema, value).success;
  });
  return Object.fromEntries(said);
}
