import { worse } from '../../runbooks/language/severity.ts';
import { tellAll } from '../events/announce.ts';
import { automation } from '../incident/actor.ts';
import { iso } from '../incident/clock.ts';
import { type Incident, isLive, type Run } from '../incident/incident.ts';
import { beginGeneration, endLadder, nextAttempt } from '../incident/ladder/generation.ts';
import type { ActRecord, Approval, LookRecord, Page } from '../incident/records.ts';
import { LEFT_TO_STORM } from '../incident/storm.ts';
import type { TimelineEvent } from '../incident/timeline.ts';
import { redact } from '../run-step/redact.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import { startClimbing } from './restart.ts';
import { climbingOf, nextOf } from './standing.ts';
import { stormThatLists } from './storm.ts';
import { parametersOf, type Verdict, verdict } from './verdict.ts';

/** How a run ended that a person must hear of. */
export interface Ended {
  incidentId: string;
  /** 0 where no run was started: an alert that no runbook knows. */
  run: number;
  why: string;
  ended: Extract<Run['ended'], 'escalated' | 'interrupted'>;
}

/**
 * Ends a run at a person: lets go of the lock, writes down what is in doubt, hands the incident over, and lets its ladder go on from
 * there. Every step of it can be repeated. A person who has taken the incident over is not paged about their own.
 */
export async function escalate(around: Surroundings, { incidentId, run, why: raw, ended }: Ended): Promise<void> {
  const why = redact(raw) || 'The automation ended without saying why';
  const incident = await around.store.incidents.get(incidentId);
  if (!incident) throw new Error(`there is no incident ${incidentId}`);
  const { looks, acts, approvals, pages } = await around.store.steps.everything(incidentId);
  const mine = { looks: looks.filter((look) => look.run === run), acts: acts.filter((act) => act.run === run) };
  await leaveNothingRunning(around, incident, run, { ...mine, approvals });
  const runbook = around.runbooks.find((known) => known.id === (incident.runs[String(run)]?.runbook ?? incident.runbook));
  const settings = around.config.settingsOf(incident.system);
  const said = verdict(runbook, runbook ? parametersOf(runbook, incident, run) : {}, settings, mine.looks);
  const storm = incident.automation === 'taken-over' ? undefined : await stormThatLists(around, incident);
  const handed = await handOver(around, { incidentId, run, why, ended }, said, storm, { pages, looks });
  await startClimbing(around, handed);
}

/** Commands are cancelled, and what began and did not end is a doubt that stands in the record. */
async function leaveNothingRunning(
  around: Surroundings,
  incident: Incident,
  run: number,
  { looks, acts, approvals }: { looks: readonly LookRecord[]; acts: readonly ActRecord[]; approvals: readonly Approval[] },
): Promise<void> {
  const endedAt = iso(around.clock.now());
  // One command looks at several hosts at once.
  const looking = looks.flatMap((look) => (look.status === 'started' && look.commandId ? [look.commandId] : []));
  for (const commandId of new Set(looking)) await around.hosts.cancel(commandId);
  for (const act of acts.filter((one) => one.status === 'started')) {
    if (act.commandId) await around.hosts.cancel(act.commandId);
    const error = 'it began, and its end was never heard of';
    await around.store.steps.saveAct(incident.id, { ...act, status: 'doubt', error, endedAt, says: error, evidence: null });
  }
  for (const approval of approvals.filter((one) => one.run === run && !one.decision)) {
    if (!(await around.store.people.expire(approval, endedAt))) continue;
    const { pass, step, title, id } = approval;
    await around.store.incidents.tell(incident.id, {
      v: 1,
      type: 'approval-decided',
      at: endedAt,
      key: `decided-${id}`,
      by: automation,
      run,
      pass,
      step,
      title,
      host: '-',
      approval: id,
      decision: 'expired',
      reason: 'nobody answered in time: silence is a no',
    });
  }
  await around.store.controls.release(incident.system, `${incident.id}-${run}`, endedAt);
}

/**
 * One write: the run is over, people have it, and their ladder begins if it has not. What the facts show to be worse than its alarm
 * said begins a ladder of that severity; they never make it milder, which only a person does.
 */
async function handOver(
  around: Surroundings,
  { incidentId, run, why, ended }: Ended,
  { to, asBadAs }: Verdict,
  storm: string | undefined,
  records: { pages: readonly Page[]; looks: readonly LookRecord[] },
): Promise<Incident> {
  const at = iso(around.clock.now());
  const { severities } = systemOf(around, (await mustBeThere(around, incidentId)).system);
  let from: string | undefined;
  const after = await around.store.incidents.change(incidentId, (incident) => {
    const mine = incident.runs[String(run)];
    if (mine?.endedAt && incident.automation !== 'running' && incident.automation !== 'awaiting-approval') return undefined;
    if (!mine && run === 0 && incident.handedOverAt) return undefined;
    const takenOver = incident.automation === 'taken-over';
    const over: Incident = {
      ...incident,
      storm: storm === undefined ? incident.storm : { since: storm, listed: incident.storm?.listed ?? false },
      automation: takenOver ? 'taken-over' : 'escalated',
      runs: mine ? { ...incident.runs, [String(run)]: { ...mine, endedAt: at, ended, why } } : incident.runs,
      handedOverAt: takenOver ? incident.handedOverAt : (incident.handedOverAt ?? at),
      responder: incident.responder ?? to ?? null,
    };
    // Whoever rehearses looks at it themselves: nobody is woken for what was only played.
    if (takenOver || incident.origin === 'rehearsal' || !isLive(incident)) return over;
    const isWorse =
      asBadAs !== undefined && severities.some(({ name }) => name === asBadAs) && worse(severities, asBadAs, incident.severity);
    from = isWorse ? incident.severity : undefined;
    const risen: Incident = isWorse ? { ...over, severity: asBadAs } : over;
    // Handed over once more: whoever has it must hear that this run did not mend it either.
    const anew = isWorse
      ? `It is worse than its alarm said: ${asBadAs}`
      : incident.handedOverAt
        ? `Run ${run} ended at a person, too`
        : undefined;
    const climbs =
      anew !== undefined || !incident.ladder
        ? beginGeneration(risen, incident.ladder || run > 0 ? at : incident.openedAt, anew ?? why)
        : // Whoever asked for the run hears at once how it ended: whatever climbs the ladder now waits for its next rung.
          mine?.by.kind === 'person' || comesSooner(around, incident, risen, records)
          ? nextAttempt(risen)
          : risen;
    return storm === undefined ? climbs : endLadder(climbs, at, LEFT_TO_STORM);
  });
  await tellHandedOver(around, after, { incidentId, run, why, ended }, from);
  return after;
}

async function mustBeThere(around: Surroundings, incidentId: string): Promise<Incident> {
  const incident = await around.store.incidents.get(incidentId);
  if (!incident) throw new Error(`there is no incident ${incidentId}`);
  return incident;
}

/** Whether its next rung is due before what the execution waits for that climbs it now. */
function comesSooner(
  around: Surroundings,
  before: Incident,
  after: Incident,
  records: { pages: readonly Page[]; looks: readonly LookRecord[] },
): boolean {
  const [was, is] = [before, after].map((incident) => {
    const climbing = climbingOf(around, incident, records);
    return climbing ? nextOf(climbing)?.at : undefined;
  });
  return is !== undefined && (was === undefined || is < was);
}

async function tellHandedOver(
  around: Surroundings,
  incident: Incident,
  { run, why, ended }: Ended,
  raisedFrom: string | undefined,
): Promise<void> {
  const at = incident.runs[String(run)]?.endedAt ?? incident.handedOverAt ?? iso(around.clock.now());
  const base = { v: 1 as const, at, by: automation };
  const events: TimelineEvent[] = [
    // A person who took it over has it already: nothing was handed to anybody.
    ...(incident.automation === 'taken-over' ? [] : [{ ...base, type: 'escalated' as const, key: `escalated-${run}`, why }]),
    ...(run > 0 ? [{ ...base, type: 'run-ended' as const, key: `run-${run}-ended`, run, ended, why }] : []),
    ...(raisedFrom === undefined
      ? []
      : [
          {
            ...base,
            type: 'severity-raised' as const,
            key: `severity-${incident.severity}`,
            from: raisedFrom,
            to: incident.severity,
          },
        ]),
  ];
  await tellAll(around, incident, ...events);
}
