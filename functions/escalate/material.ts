import type { Runbook } from '../../runbooks/language/definition.ts';
import { iso } from '../incident/clock.ts';
import { type Incident, isAtWork } from '../incident/incident.ts';
import type { ActRecord, Approval, Evidence, LookRecord, Page } from '../incident/records.ts';
import { relatedTo } from '../incident/related.ts';
import { heldBack, type TimelineEvent } from '../incident/timeline.ts';
import { redact } from '../run-step/redact.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import { askedBySaid } from './askers.ts';
import { earlierLikeIt } from './earlier.ts';
import { commandsFor, whereIs } from './link.ts';
import type { PageMaterial } from './page.ts';
import { parametersOf, verdict } from './verdict.ts';

/** Everything that is stored under an incident but its events. */
export interface Everything {
  looks: readonly LookRecord[];
  acts: readonly ActRecord[];
  evidence: readonly Evidence[];
  approvals: readonly Approval[];
  pages: readonly Page[];
}

/** All that any page about an incident tells: the same for everybody, whatever rung they stand on. */
export async function materialOf(
  around: Surroundings,
  incident: Incident,
  records: Everything,
): Promise<Omit<PageMaterial, 'answerBy' | 'nextRung'>> {
  const { run } = incident;
  const system = systemOf(around, incident.system);
  const settings = around.config.settingsOf(incident.system);
  const runbook = around.runbooks.find(({ id }) => id === (incident.runs[String(run)]?.runbook ?? incident.runbook));
  const looks = records.looks.filter((look) => look.run === run);
  const parameters = runbook && parametersOf(runbook, incident, run);
  const { tell } = verdict(runbook, parameters ?? {}, settings, looks);
  const events = await around.store.incidents.timeline(incident.id);
  const working = isAtWork(incident);
  return {
    incident,
    system,
    settings,
    runbook,
    parameters,
    why: working ? atWorkNow(incident) : whyItStopped(incident, events),
    askedBy: askedBySaid(around, incident),
    tell: working ? '' : redact(tell),
    looks,
    acts: records.acts.filter((act) => act.run === run).toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)),
    wouldHave: inOrder(heldBack(events, run), runbook),
    evidence: records.evidence,
    beside: relatedTo(events).map((one) => `${one.severity} ${one.title} (${one.why}): ${whereIs(around, one.incident)}`),
    earlier: (await earlierLikeIt(around, incident)).map(({ says }) => says),
    where: whereIs(around, incident.id),
    commands: commandsFor(around, incident.id),
    dashboards: system.dashboards(settings),
    links: [],
    atWork: working ? whatComes(incident, runbook) : [],
    now: iso(around.clock.now()),
  };
}

const atWorkNow = ({ automation }: Incident) =>
  automation === 'awaiting-approval' ? 'The automation waits for an answer of a person' : 'The automation is at work on it';

/** The last that was said of why people have it; for one that has no such line, why its ladder began. */
function whyItStopped(incident: Incident, events: readonly TimelineEvent[]): string {
  const handed = events.findLast((event) => event.type === 'escalated');
  return handed?.why ?? incident.ladder?.why ?? '';
}

/** What the automation may do from here, and how somebody keeps it from that. */
function whatComes({ automation }: Incident, runbook: Runbook | undefined): string[] {
  if (!runbook) return [];
  const acts = runbook.acts.map(({ title, safety }) => `${title} (${safety})`);
  const looks =
    automation === 'awaiting-approval'
      ? 'It waits for an answer.'
      : `It looks: ${runbook.looks.map(({ title }) => title).join(', ')}.`;
  return [
    looks,
    acts.length > 0
      ? `Then, where there is a reason for it: ${acts.join('; ')}. What is not proven well comes back to you.`
      : 'It changes nothing, and brings to you what it finds.',
    'To keep it from acting: stop it, or take the incident over; both hold before the next act.',
  ];
}

/** As the runbook has its acts: events of one moment have no order of their own. */
function inOrder<T extends { title: string }>(held: readonly T[], runbook: Runbook | undefined): T[] {
  const place = (one: T) => runbook?.acts.findIndex(({ title }) => title === one.title) ?? 0;
  return held.toSorted((a, b) => place(a) - place(b));
}
