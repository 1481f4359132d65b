import { ImpactFacts } from '../../runbooks/language/impact.ts';
import { isImpact } from '../../runbooks/language/impact-look.ts';
import type { System } from '../../runbooks/language/system.ts';
import { moment, soon, took } from '../console/views/moment.ts';
import { block, cut, oneLine } from '../escalate/wording.ts';
import type { Incident } from '../incident/incident.ts';
import type { LookRecord } from '../incident/records.ts';

/** What is told: that it has begun, or that it is over. */
export type NoticeKind = 'opened' | 'resolved';

export interface NoticeMaterial {
  incident: Incident;
  system: Pick<System, 'title' | 'severities'>;
  /** How much users feel it, in a sentence; nothing where nobody measured it. */
  impact: string | null;
  /** Whether the text for the status page is drafted. */
  withDraft: boolean;
  /** Whether they were told before that it was over. */
  again: boolean;
}

/**
 * A notice for people who do not operate the system: what is wrong, since when, how much it hurts, and who is at it. No host, no
 * log and no name of an alarm is in it, and nothing is promised but that the end will be told: for an update in between nobody has set a time.
 */
export function noticeText(kind: NoticeKind, material: NoticeMaterial): { subject: string; message: string } {
  const { incident, system, withDraft } = material;
  const said = kind === 'opened' ? begun(material) : over(material);
  const draft = withDraft
    ? block('Draft for the status page. Nobody has published it: a person does, or does not', statusDraft(incident, system))
    : null;
  const head = `${incident.severity} ${system.title}: ${subjectOf(incident)}`;
  return {
    subject: cut(oneLine(`${kind === 'opened' ? 'Update' : 'Over'}: ${head}`), 99),
    message: [...said.map(oneLine), '', 'You have nothing to do for it.', '', draft]
      .filter((part) => part !== null)
      .join('\n')
      .trimEnd(),
  };
}

function begun({ incident, system, impact, again }: NoticeMaterial): string[] {
  const means = system.severities.find(({ name }) => name === incident.severity)?.means;
  return [
    `${system.title} has a problem${again ? ' again' : ''} since ${moment(incident.openedAt)}: ${subjectOf(incident)}.`,
    `It is taken for ${incident.severity}${means ? `: ${means}` : ''}.`,
    ...(impact ? [impact] : []),
    `${whoIsAtIt(incident)} You hear again when it is over.`,
  ];
}

function over({ incident, system, impact }: NoticeMaterial): string[] {
  const until = incident.resolvedAt;
  return [
    `All clear: the problem of ${system.title} is over (${subjectOf(incident)}).`,
    until
      ? `It began at ${moment(incident.openedAt)} and ended at ${soon(until)}, after ${took(incident.openedAt, until)}.`
      : `It began at ${moment(incident.openedAt)}.`,
    ...(impact ? [impact] : []),
  ];
}

function whoIsAtIt({ status, automation, acknowledgedBy }: Incident): string {
  if (status === 'acknowledged' && acknowledgedBy) return 'An engineer works on it.';
  if (automation === 'running' || automation === 'awaiting-approval')
    return 'The prepared procedure for it is at work, and engineers are called where it does not help.';
  return 'Engineers are called.';
}

/** An alert that no runbook knows has no words for people, only a name. */
const subjectOf = ({ title, alert }: Incident) => (title === alert ? 'a problem that is being looked at' : title);

/**
 * A text for the public status page, as it would be now: in the page's own words (investigating, identified, resolved), without what
 * only engineers understand. A draft: whoever publishes it knows what customers should read.
 */
export function statusDraft(incident: Incident, { title }: Pick<System, 'title'>): string[] {
  const since = moment(incident.openedAt);
  if (incident.status === 'resolved' || incident.status === 'closed')
    return [
      `Resolved - ${title}`,
      `The problem with ${title} between ${since} and ${moment(incident.resolvedAt)} is over, and the service works as usual. We are sorry for the trouble.`,
    ];
  if (incident.status === 'acknowledged')
    return [
      `Identified - ${title}`,
      `We are working on a problem with ${title} that began at ${since}. Some or all of it may not work.`,
    ];
  return [
    `Investigating - ${title}`,
    `We are looking into a problem with ${title} since ${since}. Some or all of it may not work.`,
  ];
}

/** What was measured last of what users feel, in a sentence without hosts and addresses. */
export function impactSentence(kind: NoticeKind, looks: readonly LookRecord[]): string | null {
  // That it is over must not be told with how bad it was when it began.
  const verified = kind === 'opened' ? looks : looks.filter(({ step }) => step.startsWith('verify.'));
  const measured = verified.filter((look) => look.status === 'done' && isImpact(look.step));
  const last = measured.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)).at(-1);
  const read = ImpactFacts.safeParse(last?.status === 'done' ? last.facts : undefined);
  if (!read.success) return null;
  const { errors, requests, readiness } = read.data;
  const [failed, all] = [errors.now, requests.now];
  const share =
    failed.state === 'known' && all.state === 'known' && all.value > 0
      ? [`${Math.min(100, Math.round((100 * failed.value) / all.value))} % of requests fail`]
      : [];
  const parts = [
    ...share,
    readiness.status === 200 ? 'the service says that it is ready' : 'the service says that it is not ready',
  ];
  return `Measured at ${soon(last?.startedAt ?? '')}: ${parts.join(', ')}.`;
}
