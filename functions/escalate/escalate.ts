import type { Runbook } from '../../runbooks/language/definition.ts';
import { MissingFact, watched } from '../../runbooks/language/facts.ts';
import { automation } from '../incident/actor.ts';
import { iso } from '../incident/clock.ts';
import type { Incident, Run } from '../incident/incident.ts';
import type { ActRecord, Approval, LookRecord } from '../incident/records.ts';
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
  if (incident.automation !== 'taken-over') {
    const system = systemOf(around, incident.system);
    const settings = around.config.settingsOf(incident.system);
    const page = composePage({
      incident,
      system,
      runbook,
      why,
      tell: runbook ? redact(told(around, runbook, incident, run, mine.looks)) : '',
      looks: mine.looks,
      acts: (await around.store.steps.acts(incidentId, run)).filter((act) => act.run === run),
      wouldHave: inOrder(heldBack(await around.store.incidents.timeline(incidentId), run), runbook),
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
      { generation: run + 1, rung: 0, role: runbook?.escalate.to ?? system.firstResponder },
      page,
    );
  }
  await conclude(around, incidentId, run, why, ended);
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

/** What the runbook has to say of the facts; where a fact is missing, that is said instead. */
function told(around: Surroundings, runbook: Runbook, incident: Incident, run: number, looks: readonly LookRecord[]): string {
  const parameters = runbook.parameters.safeParse(incident.runs[String(run)]?.parameters ?? {});
  try {
    const facts = watched(factsOf(latest(looks), ''));
    return runbook.escalate.tell(
      facts.facts,
      parameters.success ? parameters.data : {},
      around.config.settingsOf(incident.system),
    );
  } catch (error) {
    if (error instanceof MissingFact) return `${error.message}: look there first.`;
    // A mistake in what the runbook tells must not keep the page from going out.
    return `(What the runbook wanted to tell could not be made: ${error instanceof Error ? error.message : String(error)})`;
  }
}

/** The last that was seen of each fact, whether by a diagnosis or by the verification after it. */
function latest(looks: readonly LookRecord[]): LookRecord[] {
  const done = looks.filter((look) => look.status === 'done').sort((a, b) => a.endedAt.localeCompare(b.endedAt));
  const byFact = new Map(done.map((look) => [`${look.step.replace(/^verify\.\d+\./, '')}@${look.host}`, look]));
  return [...byFact.values()].map((look) => ({ ...look, step: look.step.replace(/^verify\.\d+\./, '') }));
}

async function conclude(
  around: Surroundings,
  incidentId: string,
  run: number,
  why: string,
  ended: Ended['ended'],
): Promise<void> {
  const at = iso(around.clock.now());
  const after = await around.store.incidents.change(incidentId, (incident) => {
    const mine = incident.runs[String(run)];
    if (mine?.endedAt && incident.automation !== 'running' && incident.automation !== 'awaiting-approval') return undefined;
    return {
      ...incident,
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
