import { milliseconds } from '../../runbooks/language/duration.ts';
import type { Signal } from '../../runbooks/language/signal.ts';
import { FLAPS_WITHIN } from '../../runbooks/language/system.ts';
import { startClimbing } from '../escalate/restart.ts';
import { tellAll } from '../events/announce.ts';
import { monitoring } from '../incident/actor.ts';
import { type Claim, lastFiring } from '../incident/claim.ts';
import { iso } from '../incident/clock.ts';
import { type Incident, isLive } from '../incident/incident.ts';
import { isRecurrence, reopened } from '../incident/recurrence.ts';
import { notify } from '../notices/notify.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import { signalEvent } from './signal-event.ts';

/** The incident that a claim was let go of last. */
export async function lastOf(around: Surroundings, { incidentId: mine, last }: Claim): Promise<Incident | undefined> {
  return last && last !== mine ? around.store.incidents.get(last) : undefined;
}

/**
 * Opens the incident again that a claim was let go of just before: the same alarm within the flap window of its system is no other
 * incident. It pages by a new generation of its ladder, and starts nothing. Every part finds its own earlier attempt; the claim is
 * tied last, so that whoever meets it before that completes it.
 *
 * @param before that incident; nothing where there was none
 * @param signal `null` when `watch` completes what intake left
 * @returns false where it is an incident of its own
 */
export async function reopen(
  around: Surroundings,
  claim: Claim,
  before: Incident | undefined,
  signal: Signal | null,
): Promise<boolean> {
  const { incidentId: mine = '' } = claim;
  if (!before) return false;
  const incident = await openAgain(around, claim, before);
  if (incident.reopened?.claim !== mine) return false;
  if (!isLive(incident)) {
    // It was opened again for this very firing, and that is over as well.
    await around.store.claims.release(claim, null, incident.id);
    return true;
  }
  await tell(around, claim, incident, signal);
  await startClimbing(around, incident);
  const runbooks = [...Object.values(incident.runs).map(({ runbook }) => runbook), ...claim.runbooks];
  await around.store.claims.tie(claim, incident, [...new Set(runbooks)]);
  return true;
}

async function openAgain(around: Surroundings, claim: Claim, incident: Incident): Promise<Incident> {
  const { incidentId: mine = '', severity, openingSince } = claim;
  const system = systemOf(around, incident.system);
  const withinMs = milliseconds(system.flapsWithin ?? FLAPS_WITHIN);
  const at = openingSince ?? iso(around.clock.now());
  const fired = lastFiring(claim) ?? at;
  if (incident.reopened?.claim === mine || !isRecurrence(incident, fired, withinMs)) return incident;
  return around.store.incidents.change(incident.id, (one) =>
    one.reopened?.claim !== mine && isRecurrence(one, fired, withinMs)
      ? reopened(one, system, { claim: mine, at, severity: severity ?? one.severity })
      : undefined,
  );
}

/** From the record: an attempt that did not live to tell it is told by the next. */
async function tell(around: Surroundings, claim: Claim, incident: Incident, signal: Signal | null): Promise<void> {
  const { alert, reopened: again } = incident;
  if (!again) return;
  const by = monitoring(signal?.source.kind ?? claim.sources[0]?.kind ?? 'monitoring');
  const count = again.times > 1 ? ` (${again.times} times so far)` : '';
  const why = `${alert} fires again just after its end${count}: it is the same incident, and nothing was started for it`;
  await tellAll(
    around,
    incident,
    { v: 1, type: 'reopened', at: again.at, key: `reopened-${again.times}`, by, why },
    ...(signal ? [signalEvent(signal)] : []),
  );
  // Who was told that it was over is told that it is not.
  await notify(around, incident, 'opened');
}
