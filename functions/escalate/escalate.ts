import type { Runbook } from '../../runbooks/language/definition.ts';
import { MissingFact, watched } from '../../runbooks/language/facts.ts';
import { worse } from '../../runbooks/language/severity.ts';
import type { System } from '../../runbooks/language/system.ts';
import { automation } from '../incident/actor.ts';
import { iso } from '../incident/clock.ts';
import type { Incident, Run } from '../incident/incident.ts';
import type { ActRecord, Approval, LookRecord } from '../incident/records.ts';
import { relatedTo } from '../incident/related.ts';
import { stormInForce, stormScope } from '../incident/storm.ts';
import { heldBack } from '../incident/timeline.ts';
import { factsOf } from '../run-step/ask-gate.ts';
import { redact } from '../run-step/redact.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import { commandsFor, whereIs } from './link.ts';
import { composePage } from './page.ts';
import { sendPage } from './send-page.ts';

/** How a run ended that a person must hear of. */
export interface Ended {
  incidentId: string;
  /** 0 where no run was started: an alert that no runbook knows. */
  run: number;
  why: string;
  ended: Extract<Run['ended'], 'escalated' | 'interrupted'>;
}

/**
 * Ends a run at a person: lets go of the lock, writes down what is in doubt, pages, and says so. Every step of it can be
 * repeated, and the page is sent once. A person who has taken the incident over is not paged about their own.
 */
export async function escalate(around: Surroundings, { incidentId, run, why: raw, ended }: Ended): Promise<void> {
  const why = redact(raw) || 'The automation ended without saying why';
  const incident = await around.store.incidents.get(incidentId);
  if (!incident) throw new Error(`there is no incident ${incidentId}`);
  const { looks, acts, evidence, approvals } = await around.store.steps.everything(incidentId);
  const mine = { looks: looks.filter((look) => look.run === run), acts: acts.filter((act) => act.run === run) };
  await leaveNothingRunning(around, incident, run, { ...mine, approvals });
  const runbook = around.runbooks.find((known) => known.id === (incident.runs[String(run)]?.runbook ?? incident.runbook));
  const storm = incident.automation === 'taken-over' ? undefined : await stormThatLists(around, incident);
  if (incident.automation !== 'taken-over' && !storm) {
    const system = systemOf(around, incident.system);
    const settings = around.config.settingsOf(incident.system);
    const { tell, to, asBadAs } = verdict(around, runbook, incident, run, mine.looks);
    const events = await around.store.incidents.timeline(incidentId);
    const page = composePage({
      incident: asBadAs ? await worsened(around, incident, asBadAs, system) : incident,
      system,
      settings,
      runbook,
      parameters: runbook && parametersOf(runbook, incident, run),
      why,
      tell: redact(tell),
      looks: mine.looks,
      acts: (await around.store.steps.acts(incidentId, run)).filter((act) => act.run === run),
      wouldHave: inOrder(heldBack(events, run), runbook),
      beside: relatedTo(events).map((one) => `${one.severity} ${one.title} (${one.why}): ${whereIs(around, one.incident)}`),
      evidence,
      where: whereIs(around, incident.id),
      commands: commandsFor(around, incident.id),
      dashboards: system.dashboards(settings),
      now: iso(around.clock.now()),
    });
    await sendPage(
      around,
      incident,
      // One more than the run: what paged before the first run must not keep that run's page from going out.
      { generation: run + 1, rung: 0, role: to ?? system.firstResponder },
      page,
    );
  }
  await conclude(around, { incidentId, run, why, ended }, storm);
}

/**
 * The storm whose page tells of this incident, so that it needs none of its own: it has been listed, or `watch` lists it within
 * minutes. One that is worse than all that were listed pages by itself, at once; so does one that a person asked for.
 * @returns since when; nothing where it pages by itself
 */
async function stormThatLists(around: Surroundings, incident: Incident): Promise<string | undefined> {
  if (incident.origin !== 'signal') return undefined;
  const [setting] = await around.store.controls.modes([stormScope(incident.system)]);
  const since = stormInForce(setting, iso(around.clock.now()))?.at;
  if (since === undefined) return undefined;
  if (incident.storm?.listed) return since;
  const open = await around.store.incidents.open(() => undefined);
  const listed = open.filter((one) => one.system === incident.system && one.storm?.listed && one.storm.since === since);
  const { severities } = systemOf(around, incident.system);
  return listed.some(({ severity }) => !worse(severities, incident.severity, severity)) ? since : undefined;
}

/** As the runbook has its acts: events of one moment have no order of their own. */
function inOrder<T extends { title: string }>(held: readonly T[], runbook: Runbook | undefined): T[] {
  const place = (one: T) => runbook?.acts.findIndex(({ title }) => title === one.title) ?? 0;
  return held.toSorted((a, b) => place(a) - place(b));
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

/** What the runbook makes of the facts for the person who is paged. */
interface Verdict {
  tell: string;
  /** Whom it pages; nothing where no runbook knows the alert. */
  to: string | undefined;
  asBadAs: string | undefined;
}

/** Where a fact is missing, that is said instead, and whom to page and how bad it is stay what they are without facts. */
function verdict(
  around: Surroundings,
  runbook: Runbook | undefined,
  incident: Incident,
  run: number,
  looks: readonly LookRecord[],
): Verdict {
  if (!runbook) return { tell: '', to: undefined, asBadAs: undefined };
  const { escalate: spec } = runbook;
  const parameters = parametersOf(runbook, incident, run);
  const known = factsOf(latest(looks), '');
  const settings = around.config.settingsOf(incident.system);
  const ask = <T>(say: typeof spec.tell | typeof spec.instead, otherwise: (error: unknown) => T) => {
    try {
      return say(watched(known).facts, parameters, settings);
    } catch (error) {
      return otherwise(error);
    }
  };
  return {
    tell: ask(spec.tell, untold) ?? '',
    to: ask(spec.instead, () => undefined) ?? spec.to,
    asBadAs: ask(spec.asBadAs, () => undefined),
  };
}

/** What its run was started with. One that takes no such parameters any more is told of as if it had been given none. */
function parametersOf(runbook: Runbook, incident: Incident, run: number): Record<string, unknown> {
  const given = runbook.parameters.safeParse(incident.runs[String(run)]?.parameters ?? {});
  return given.success ? given.data : {};
}

/** A mistake in what the runbook tells must not keep the page from going out. */
function untold(error: unknown): string {
  if (error instanceof MissingFact) return `${error.message}: look there first.`;
  return `(What the runbook wanted to tell could not be made: ${error instanceof Error ? error.message : String(error)})`;
}

/** The facts may show that it is worse than its alarm said. They never make it milder: only a person does. */
async function worsened(around: Surroundings, incident: Incident, to: string, system: System): Promise<Incident> {
  if (!system.severities.some(({ name }) => name === to) || !worse(system.severities, to, incident.severity)) return incident;
  const from = incident.severity;
  const risen = await around.store.incidents.change(incident.id, (one) =>
    worse(system.severities, to, one.severity) ? { ...one, severity: to } : undefined,
  );
  const at = iso(around.clock.now());
  await around.store.incidents.tell(incident.id, {
    v: 1,
    type: 'severity-raised',
    at,
    key: `severity-${to}`,
    by: automation,
    from,
    to,
  });
  return risen;
}

/** The last that was seen of each fact, whether by a diagnosis or by the verification after it. */
function latest(looks: readonly LookRecord[]): LookRecord[] {
  const done = looks.filter((look) => look.status === 'done').sort((a, b) => a.endedAt.localeCompare(b.endedAt));
  const byFact = new Map(done.map((look) => [`${look.step.replace(/^verify\.\d+\./, '')}@${look.host}`, look]));
  return [...byFact.values()].map((look) => ({ ...look, step: look.step.replace(/^verify\.\d+\./, '') }));
}

async function conclude(around: Surroundings, { incidentId, run, why, ended }: Ended, storm: string | undefined): Promise<void> {
  const at = iso(around.clock.now());
  const after = await around.store.incidents.change(incidentId, (incident) => {
    const mine = incident.runs[String(run)];
    if (mine?.endedAt && incident.automation !== 'running' && incident.automation !== 'awaiting-approval') return undefined;
    return {
      ...incident,
      storm: storm === undefined ? incident.storm : { since: storm, listed: incident.storm?.listed ?? false },
      automation: incident.automation === 'taken-over' ? 'taken-over' : 'escalated',
      runs: mine ? { ...incident.runs, [String(run)]: { ...mine, endedAt: at, ended, why } } : incident.runs,
    };
  });
  const endedAt = after.runs[String(run)]?.endedAt ?? at;
  const base = { v: 1 as const, at: endedAt, by: automation };
  await around.store.incidents.tell(
    incidentId,
    // A person who took it over has it already: nothing was handed to anybody.
    ...(after.automation === 'taken-over' ? [] : [{ ...base, type: 'escalated' as const, key: `escalated-${run}`, why }]),
    ...(run > 0 ? [{ ...base, type: 'run-ended' as const, key: `run-${run}-ended`, run, ended, why }] : []),
  );
}
