import { actByHand, lookByHand } from '../../runbooks/language/by-hand.ts';
import type { Runbook } from '../../runbooks/language/definition.ts';
import { spoken } from '../../runbooks/language/duration.ts';
import { isImpact } from '../../runbooks/language/impact-look.ts';
import type { System } from '../../runbooks/language/system.ts';
import { between } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import type { ActRecord, Evidence, LookRecord } from '../incident/records.ts';
import type { Text } from './reach.ts';
import { block, cut, firstLines, oneLine } from './wording.ts';

/** All that a page can tell. */
export interface PageMaterial {
  incident: Incident;
  system: System;
  settings: unknown;
  runbook: Runbook | undefined;
  /** Of its run. */
  parameters: unknown;
  /** Why the automation ends here, in a sentence. */
  why: string;
  /** Who asked for the run; `null` where nobody did. */
  askedBy: string | null;
  /** What the runbook wants this person to be told, from the facts. */
  tell: string;
  looks: readonly LookRecord[];
  acts: readonly ActRecord[];
  /** What the mode held back. */
  wouldHave: readonly { title: string; host: string; wouldHave: string }[];
  evidence: readonly Evidence[];
  /** Other incidents of the system, each with where it is found. */
  beside: readonly string[];
  /** Where the incident is: a link, or its id where there is no console. */
  where: string;
  /** What to type where there is no console: show, acknowledge, take over. */
  commands: readonly string[];
  dashboards: Readonly<Record<string, string>>;
  /** What this person can do by a link of their own. */
  links: readonly { what: string; url: string }[];
  /** What the automation is at and what it may do next; empty where it has stopped. */
  atWork: readonly string[];
  /** Earlier incidents like it, and what helped. */
  earlier: readonly string[];
  /** By when somebody has to acknowledge it, ISO; `null` where no answer is due before the next business day. */
  answerBy: string | null;
  /** Who is paged next, and when, if nothing changes. */
  nextRung: { who: string; at: string; unless: 'acknowledged' | 'resolved'; withFindings: boolean } | null;
  now: string;
}

/** A list of files can be long; the incident shows it whole. */
const MOST_OF_AN_ACT = 1_000;
const MOST_OF_AN_IMPACT = 400;

/**
 * A page as it arrives at three in the morning: what is broken and what is asked, in two lines; then what was found, what was
 * done, what comes next, and how to go on by hand. Times are UTC, and say so.
 */
export function composePage(material: PageMaterial): Text {
  const { incident, system, why } = material;
  const head = headOf(incident, system);
  const [broken, take] = firstLines(head, why, `Please take it: ${material.where}`);
  const ask = asked(material);
  const [first] = material.links;
  return {
    subject: cut(head, 99),
    short: [broken, ask, first ? `${first.what}: ${first.url}` : take].join('\n'),
    message: [
      broken,
      take,
      ask,
      impactLine(material),
      ...material.links.map(({ what, url }) => `${what}: ${url}`),
      '',
      block('Why you', [
        why,
        ...(material.askedBy ? [material.askedBy] : []),
        ...(material.tell ? material.tell.split('\n') : []),
      ]),
      block('What was found', found(material)),
      block('What was done', done(material)),
      block('What it would have done', would(material)),
      block('Beside it', material.beside),
      block('Like it', material.earlier),
      block('What comes next', next(material)),
      block('By hand', byHand(material)),
      block('More', [...more(material), ...Object.entries(material.dashboards).map(([name, url]) => `${name} ${url}`)]),
    ]
      .filter((part) => part !== null)
      .join('\n'),
  };
}

/** What is broken: the severity, the system, and where. */
export function headOf({ severity, title, target }: Incident, system: Pick<System, 'title'>): string {
  return oneLine(`${severity} ${system.title}: ${title}${target ? ` on ${target}` : ''}`);
}

/** What is asked, by when, and what follows where nobody does it. */
function asked({ answerBy, nextRung, now }: PageMaterial): string {
  const late = answerBy !== null && answerBy <= now ? ' (that is over)' : '';
  const by = answerBy === null ? 'No answer is due before the next business day' : `Acknowledge by ${when(answerBy, now)}${late}`;
  if (!nextRung) return `${by}.`;
  const { who, at, unless, withFindings } = nextRung;
  if (withFindings) return `${by}. ${who} is paged again with what was found, by ${when(at, now)}, unless it is ${unless}.`;
  if (unless === 'acknowledged' && at === answerBy) return `${by}, then ${who} is paged.`;
  return `${by}. ${who} is paged at ${when(at, now)} unless it is ${unless} by then.`;
}

/** `03:29 UTC`; with the day, where it is another. */
function when(time: string, now: string): string {
  return `${time.slice(0, 10) === now.slice(0, 10) ? '' : `${time.slice(0, 10)} `}${time.slice(11, 16)} UTC`;
}

/** What users feel, where the system has it measured: before all causes, because it says how much it hurts. */
function impactLine({ looks }: PageMaterial): string | null {
  const measured = looks.filter(({ step }) => isImpact(step));
  const last = measured.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)).at(-1);
  if (!last) return null;
  return cut(oneLine(`Impact: ${last.status === 'started' ? 'not known yet' : last.says}`), MOST_OF_AN_IMPACT);
}

/** The latest of each look on each host; failed ones first, because they are what nobody knows. */
function found({ looks, atWork }: PageMaterial): string[] {
  const diagnosed = looks.filter((look) => !look.step.startsWith('verify.') && !isImpact(look.step));
  const latest = new Map(diagnosed.map((look) => [`${look.step}@${look.host}`, look]));
  const said = [...latest.values()].flatMap((look) => {
    if (look.status === 'started') return [`? ${look.title}: no answer yet`];
    const where = look.host === '-' ? '' : ` (${look.host})`;
    return [`${look.status === 'failed' ? '! ' : ''}${look.title}${where}: ${look.says}`];
  });
  return said.length > 0
    ? said.sort((a, b) => Number(b.startsWith('!')) - Number(a.startsWith('!')))
    : [atWork.length > 0 ? 'not known yet: it is looking' : 'nothing: no look was made'];
}

function done({ acts, atWork }: PageMaterial): string[] {
  if (acts.length === 0) return [atWork.length > 0 ? 'nothing was changed so far' : 'nothing was changed'];
  return acts.map((act) => {
    const took = 'endedAt' in act ? `, ${spoken(between(act.startedAt, act.endedAt))}` : '';
    const how =
      act.status === 'done'
        ? act.says
        : act.status === 'started'
          ? 'began, and its end is not known'
          : `${act.status.toUpperCase()}: ${act.error}`;
    const undone = act.undo?.says ? ` (${act.undo.says})` : '';
    return `${act.startedAt.slice(11, 19)} ${act.title} on ${act.host}, because ${act.because}: ${how}${took}${undone}`;
  });
}

function would({ wouldHave }: PageMaterial): string[] {
  return wouldHave.map(({ title, host, wouldHave: why }) => cut(`${title} on ${host}: ${why}`, MOST_OF_AN_ACT));
}

function next({ commands, atWork }: PageMaterial): string[] {
  if (atWork.length > 0)
    return [...atWork, ...(commands.length > 0 ? ['To answer, paste a line into a shell with the AWS CLI:', ...commands] : [])];
  if (commands.length === 0)
    return ["Nothing: automation has stopped here. On the incident's page: run again, take over, acknowledge, resolve."];
  return [
    'Nothing: automation has stopped here. To answer, paste a line into a shell with the AWS CLI:',
    ...commands,
    'The same line with run-again, stop or resolve in place of acknowledge does that.',
  ];
}

function more({ where, commands }: PageMaterial): string[] {
  return commands.length === 0 ? [`Incident ${where}`] : [];
}

/** How to look, then how to act: each with what it is, so that nobody runs what deletes while they mean to look. */
function byHand({ runbook, parameters, settings }: PageMaterial): string[] {
  if (!runbook) return ['No runbook knows this alert.'];
  const looks = runbook.looks.filter(({ kind }) => kind !== 'probe');
  return [
    ...looks.map((look) => `${look.title}: ${typed(() => lookByHand(look, parameters, settings))}`),
    ...runbook.acts.map((act) => `${act.title} (${act.safety}): ${typed(() => actByHand(act, parameters, settings))}`),
  ];
}

/** A line that cannot be made must not keep the page from going out. */
function typed(line: () => string): string {
  try {
    return line();
  } catch {
    return "as the runbook's page has it";
  }
}
