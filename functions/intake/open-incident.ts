import * as z from 'zod';
import type { Runbook } from '../../runbooks/language/definition.ts';
import type { Signal } from '../../runbooks/language/signal.ts';
import { escalate } from '../escalate/escalate.ts';
import { monitoring } from '../incident/actor.ts';
import type { Claim } from '../incident/claim.ts';
import { iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { makeRun, startRun } from '../run-step/start-run.ts';
import { runbookOf, type Surroundings } from '../surroundings.ts';
import { signalEvent } from './signal-event.ts';

/**
 * Makes the incident that a claim stands for: writes it with its first run, tells how it began, starts the runbook, and says
 * that it is open. Every part finds its own earlier attempt, so that whoever meets an abandoned claim can complete it.
 *
 * @param signal `null` when `watch` completes what intake left: the claim says enough
 */
export async function openIncident(around: Surroundings, claim: Claim, signal: Signal | null): Promise<void> {
  const { incidentId = '', dedupKey } = claim;
  const mine = firstRecord(around, claim, signal);
  const created = await around.store.incidents.create(mine);
  // An earlier attempt may have ended before it told: what it wrote down is told, at the time that it wrote.
  const incident = created ? mine : ((await around.store.incidents.get(incidentId)) ?? mine);
  const { openedAt: at, openedBy: by, severity, runbook: runbookId, title, alert } = incident;
  const opened = incident.signal ?? signal;
  await around.store.incidents.tell(
    incidentId,
    { v: 1, type: 'opened', at, key: 'opened', by, severity, runbook: runbookId, title },
    ...(opened ? [signalEvent(opened)] : []),
  );
  const run = incident.runs['1'];
  if (run) await startRun(around, runbookOf(around, run.runbook), incidentId, run);
  else
    await escalate(around, { incidentId, run: 0, why: `No runbook answers to ${alert}: it is for a person`, ended: 'escalated' });
  await around.store.claims.opened(dedupKey, incidentId);
}

function firstRecord(around: Surroundings, claim: Claim, signal: Signal | null): Incident {
  const { incidentId = '', dedupKey, severity = '' } = claim;
  const [, system = '', alert = '', ...target] = dedupKey.split(':');
  const runbook = claim.runbooks[0] ? runbookOf(around, claim.runbooks[0]) : undefined;
  const by = monitoring(signal?.source.kind ?? claim.sources[0]?.kind ?? 'monitoring');
  const parameters = runbook && signal ? parametersFrom(runbook, signal) : {};
  const run = runbook && makeRun(around, runbook, incidentId, 1, { by, reason: `${alert} fires`, parameters });
  return {
    v: 1,
    id: incidentId,
    status: 'open',
    system,
    alert,
    target: target.join(':'),
    runbook: runbook?.id ?? null,
    title: runbook?.title ?? alert,
    severity,
    automation: run ? 'running' : 'none',
    origin: 'signal',
    openedAt: iso(around.clock.now()),
    openedBy: by,
    seen: claim.seen,
    dedupKey,
    signal,
    run: run ? 1 : 0,
    runs: run ? { '1': run } : {},
    stop: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: null,
  };
}

/** What the signal says of the runbook's parameters. A label is untrusted: what the schema refuses is left to its default. */
export function parametersFrom(runbook: Runbook, signal: Signal): Record<string, unknown> {
  const said = Object.entries(runbook.fromSignal(signal)).filter(([name, value]) => {
    const schema = runbook.parameters.shape[name];
    return value !== undefined && schema !== undefined && z.safeParse(schema, value).success;
  });
  return Object.fromEntries(said);
}
