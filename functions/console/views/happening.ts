import type { Incident } from '../../incident/incident.ts';
import type { Approval } from '../../incident/records.ts';
import type { TimelineEvent } from '../../incident/timeline.ts';
import { clockTime, moment, soon, took } from './moment.ts';
import type { Progress } from './progress.ts';

/** What happens to an incident at this moment, and what happens next if nobody does anything. A sentence each. */
export interface Happening {
  now: string;
  next: string;
  /** Whom the ladder pages next, and when; empty where nobody is to be paged. */
  paging: string;
  tone: 'working' | 'asks' | 'person' | 'well';
}

export interface Material {
  incident: Incident;
  approvals: readonly Approval[];
  timeline: readonly TimelineEvent[];
  progress: readonly Progress[];
  /** As `pagingNext` says it. */
  paging: string;
}

/** What happens at this moment, beside whoever is paged. */
type Doing = Omit<Happening, 'paging'>;

export function happening(material: Material): Happening {
  return { ...doing(material), paging: material.paging };
}

function doing(material: Material): Doing {
  const { incident } = material;
  if (incident.status === 'resolved' || incident.status === 'closed') return over(incident, material);
  switch (incident.automation) {
    case 'running':
      return working(material);
    case 'awaiting-approval':
      return asking(material);
    case 'taken-over':
      return {
        now: `${incident.stop?.by.name ?? 'A person'} has taken it over: automation does nothing more here.`,
        next: 'Next: run it again to hand it back, or resolve it when it is over.',
        tone: 'person',
      };
    case 'escalated':
      return atPerson(material);
    case 'none':
    case 'succeeded':
      return {
        now: 'Nothing runs for it.',
        next: incident.runbook ? 'Next: run it again, or resolve it.' : 'Next: a person looks at it; no runbook knows it.',
        tone: 'person',
      };
  }
}

function over(incident: Extract<Incident, { resolvedAt: string }>, { timeline }: Material): Doing {
  const people = timeline.some((event) => event.by.kind === 'person' && event.type !== 'note');
  const rehearsed = incident.origin === 'rehearsal';
  const how = rehearsed ? 'Rehearsed' : 'Resolved';
  return {
    now: `${how} in ${took(incident.openedAt, incident.resolvedAt)}${people || rehearsed ? '' : ' without a person'}: ${lowered(incident.resolution)}.`,
    next: `Nothing is left to do. It was over at ${moment(incident.resolvedAt)}.`,
    tone: 'well',
  };
}

function working({ incident, progress }: Material): Doing {
  const current = progress.find((state) => state.state === 'now');
  const after = progress.find((state) => state.state === 'ahead');
  if (incident.stop)
    return {
      now: `${incident.stop.by.name} asked it to stop at ${clockTime(incident.stop.at)} UTC: what has begun is finished, and nothing new begins.`,
      next: 'Next: a person is paged with all that was found.',
      tone: 'asks',
    };
  return {
    now: `${current ? `At work: ${current.title}${current.says ? ` (${current.says})` : ''}` : 'The runbook is starting'}.`,
    next: after
      ? `Next: ${after.title}, if there is a reason for it; whatever is not proven well ends at a person.`
      : 'Next: it is resolved once all is verified well and the alarm is clear; otherwise a person is paged.',
    tone: 'working',
  };
}

function asking({ approvals }: Material): Doing {
  const open = approvals.find((approval) => !approval.decision);
  if (!open) return { now: 'A person has answered.', next: 'Next: it looks again before it does anything.', tone: 'asks' };
  return {
    now: `It waits for a person: may it ${lowered(open.title)}?`,
    next: `Next: silence is a no at ${soon(open.until)}. Then it is left alone, and a person is paged.`,
    tone: 'asks',
  };
}

function atPerson({ incident, timeline, paging }: Material): Doing {
  const page = timeline.filter((event) => event.type === 'page-sent').findLast(({ notice }) => !notice);
  const why = timeline.findLast((event) => event.type === 'escalated')?.why.split('\n', 1)[0] ?? '';
  const paged = page ? ` and paged ${page.to ?? page.role} at ${clockTime(page.at)} UTC` : '';
  const has = incident.acknowledgedBy ? `${incident.acknowledgedBy.name} has it` : 'nobody has acknowledged it yet';
  return {
    now: `Automation has stopped here${paged}${why ? `: ${why.replace(/[.\s]+$/, '')}` : ''}.`,
    next: `Next: ${paging ? 'it does nothing more' : 'nothing happens'} until a person does something; ${has}.`,
    tone: 'person',
  };
}

const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1).replace(/[.\s]+$/, '');
