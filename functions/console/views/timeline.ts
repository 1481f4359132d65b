import { spoken } from '../../../runbooks/language/duration.ts';
import type { Actor } from '../../incident/actor.ts';
import { between } from '../../incident/clock.ts';
import { spokenOverride } from '../../incident/override.ts';
import type { TimelineEvent } from '../../incident/timeline.ts';
import { soon } from './moment.ts';

export type Tone = 'plain' | 'good' | 'bad' | 'ask' | 'person';

/** One line of the story: when, what, what it says, how long it took. */
export interface Line {
  key: string;
  /** ISO 8601 in UTC. */
  at: string;
  tone: Tone;
  title: string;
  /** A host's name, or nothing where it is about none. */
  host: string;
  /** One sentence a line. */
  says: string[];
  took: string;
  /** Where the text behind it is, as {@link stepAnchor} names it. */
  step: string | null;
}

type EventOf<T extends TimelineEvent['type']> = Extract<TimelineEvent, { type: T }>;

/** The place on the page where a step's facts and evidence are. */
export function stepAnchor(step: { kind?: string; run: number; pass: number; step: string; host: string }): string {
  const name = step.kind === 'act' ? `act-${step.run}` : `step-${step.run}-${step.pass}`;
  return `${name}-${step.step}-${step.host}`.replace(/[^A-Za-z0-9-]/g, '_');
}

/** What begins a story, and what ends it, where the clock can't tell them apart: the table then orders them by their names. */
const FIRST: readonly TimelineEvent['type'][] = ['signal', 'opened', 'acknowledged', 'run-started'];
const LAST: readonly TimelineEvent['type'][] = ['page-sent', 'resolved', 'escalated', 'run-ended'];

/** Events in the order of their times; of the same millisecond, in the order in which they must have happened. */
export function inOrder(events: readonly TimelineEvent[]): TimelineEvent[] {
  const place = ({ type }: TimelineEvent) => (FIRST.includes(type) ? FIRST.indexOf(type) - FIRST.length : LAST.indexOf(type) + 1);
  return events.toSorted((a, b) => a.at.localeCompare(b.at) || place(a) - place(b));
}

/**
 * The timeline as a person reads it. An act is one line, from its beginning with its end; the checks of one verification
 * are one line; everything else is a line of its own.
 * @param seen how many signals were counted: said beside the first of them
 */
export function timelineLines(events: readonly TimelineEvent[], seen = 0): Line[] {
  const firstSignal = events.find((event) => event.type === 'signal');
  const hosts = new Set(events.flatMap((event) => ('host' in event && event.host !== '-' ? [event.host] : [])));
  return events
    .filter((event) => !toldWithAnother(event, events))
    .map((event) => {
      const line = lineOf(event, events);
      const more = event === firstSignal && seen > 1 ? [`seen ${seen} times`] : [];
      // Where all of it happens on one host, its name on every line tells nothing.
      return { ...line, host: hosts.size > 1 ? line.host : '', says: [...line.says, ...more].filter(Boolean) };
    });
}

/** An act's end is told with its beginning, a check with the last of its verification, a run's end with what came of it. */
function toldWithAnother(event: TimelineEvent, all: readonly TimelineEvent[]): boolean {
  if (event.type === 'act-finished') return all.some((other) => other.type === 'act-started' && sameStep(other, event));
  if (event.type === 'checked') return checksWith(event, all).at(-1) !== event;
  if (event.type === 'act-skipped') return saidBefore(event, all);
  if (event.type === 'run-ended')
    return all.some(
      (other) =>
        (other.type === 'resolved' && other.how === event.why) || (other.type === 'escalated' && other.why === event.why),
    );
  return false;
}

/** Each pass asks again about each act; an answer that has not changed is told once. */
function saidBefore(event: EventOf<'act-skipped'>, all: readonly TimelineEvent[]): boolean {
  const before = all
    .slice(0, all.indexOf(event))
    .filter((other) => other.type === 'act-skipped')
    .findLast((other) => other.run === event.run && other.step === event.step && other.host === event.host);
  return before?.why === event.why && before.wouldHave === event.wouldHave;
}

function sameStep(a: EventOf<'act-started'>, b: EventOf<'act-finished'>): boolean {
  return a.run === b.run && a.step === b.step && a.host === b.host;
}

function checksWith(event: EventOf<'checked'>, all: readonly TimelineEvent[]): EventOf<'checked'>[] {
  return all
    .filter((other) => other.type === 'checked')
    .filter((other) => other.run === event.run && other.pass === event.pass && other.step === event.step);
}

function lineOf(event: TimelineEvent, all: readonly TimelineEvent[]): Line {
  const base = { key: `${event.at}-${event.key}`, at: event.at, host: '', took: '', step: null };
  const by = named(event.by);
  const line = (tone: Tone, title: string, ...says: string[]): Line => ({ ...base, tone, title, says });
  switch (event.type) {
    case 'signal':
      return line(event.status === 'firing' ? 'bad' : 'plain', signalTitle(event), event.says);
    case 'opened':
      return line('plain', 'Incident opened', opened(event));
    case 'severity-raised':
      return line(
        'bad',
        'Severity raised',
        `from ${event.from} to ${event.to}`,
        event.by.kind === 'person' ? said(by, event.reason) : '',
      );
    case 'severity-lowered':
      return line('person', 'Severity lowered', `from ${event.from} to ${event.to}`, said(by, event.reason));
    case 'run-started':
      return line('plain', event.dryRun ? 'Rehearsal started' : 'Runbook started', started(event));
    case 'run-ended':
      return line('plain', ENDS[event.ended] ?? `Run ended: ${event.ended}`, event.why);
    case 'related':
      return line('plain', `Beside it: ${event.severity} ${event.title}`, `incident ${event.incident}, ${event.why}`);
    case 'acknowledged':
      return line('person', 'Acknowledged', `by ${by}`);
    case 'acknowledgement-ended':
      return line('bad', 'Nobody has it any more', event.why);
    case 'reopened':
      return line('bad', 'Open again', event.why);
    case 'closed':
      return line('good', 'Closed', said(by, event.how));
    case 'resolved':
      return line('good', 'Resolved', event.by.kind === 'person' ? `by ${by}: ${event.how}` : event.how);
    case 'escalated':
      return line('bad', 'Handed to a person', event.why);
    case 'page-sent':
      return line(
        'person',
        `${event.notice ? 'Told' : 'Paged'} ${paged(event)}`,
        event.subject,
        [event.again ? 'this may be a repeat' : '', event.together ? `one mail with ${event.together} pages` : '']
          .filter(Boolean)
          .join(', '),
      );
    case 'ticket-written':
      return line('person', `Ticket ${event.ticket} for ${event.role}`, event.subject);
    case 'nobody-on-call':
      return line('bad', `Nobody is on call as ${event.role}`, 'the next rung is due at once');
    case 'ladder-began':
      return line('bad', 'The ladder begins again', event.why);
    case 'nobody-answered':
      return line('bad', 'Nobody answered', `everybody was asked ${event.times} times`);
    case 'stop-asked':
      return line('person', 'Stop asked', said(by, event.reason));
    case 'taken-over':
      return line('person', 'Taken over', said(by, event.reason));
    case 'handed-over':
      return line('person', `Handed over to ${event.title}`, said(by, event.reason));
    case 'snoozed':
      return line('person', `Quiet until ${soon(event.until)}`, said(by, event.reason));
    case 'held-back':
      return line('plain', `Nobody is paged until ${soon(event.until)}`, 'the system is in maintenance');
    case 'hurried':
      return line('person', 'Escalated now', said(by, event.reason));
    case 'ladder-ended':
      return line('good', 'Nobody is paged any more', event.why);
    case 'note':
      return line('person', `Note by ${by}`, ...event.text.split('\n'));
    case 'review-begun':
      return line('person', 'Review begun', `by ${by}`);
    case 'review-finished':
      return line('person', 'Review finished', `by ${by}`);
    default:
      return stepLine(event, all, base);
  }
}

type StepEvent = Extract<TimelineEvent, { step: string }>;

function stepLine(event: StepEvent, all: readonly TimelineEvent[], base: Pick<Line, 'key' | 'at' | 'took'>): Line {
  const host = event.host === '-' ? '' : event.host;
  const line = (tone: Tone, title: string, ...says: string[]): Line => ({ ...base, host, step: null, tone, title, says });
  switch (event.type) {
    case 'looked':
      return {
        ...line(event.ok ? 'plain' : 'bad', event.title, event.says),
        took: spoken(event.tookMs),
        step: stepAnchor(event),
      };
    case 'gate':
      return line(GATE_TONES[event.answer] ?? 'plain', `Gate: ${event.answer}`, `${event.title}: ${event.reasons.join(' · ')}`);
    case 'act-started':
      return actLine(event, all, line('plain', event.title, `because ${event.because}`));
    case 'act-finished':
      return { ...line(event.ok ? 'good' : 'bad', event.title, event.says), took: spoken(event.tookMs) };
    case 'act-skipped':
      return line('plain', event.title, `not done: ${event.why}`, event.wouldHave ? `it would have: ${event.wouldHave}` : '');
    case 'undo-asked':
      return line('person', `Undo asked: ${event.title}`, said(event.by.name, event.reason));
    case 'undone':
      return line(event.ok ? 'plain' : 'bad', `Undo: ${event.title}`, event.says);
    case 'approval-asked':
      return line('ask', 'A person is asked', event.question, `silence is a no at ${soon(event.until)}`);
    case 'approval-decided':
      return line('person', `${capital(event.decision)}: ${event.title}`, decided(event));
    case 'checked':
      return checkLine(event, all, line('plain', event.title));
  }
}

function actLine(event: EventOf<'act-started'>, all: readonly TimelineEvent[], line: Line): Line {
  const ended = all.filter((other) => other.type === 'act-finished').find((other) => sameStep(event, other));
  const step = stepAnchor({ ...event, kind: 'act', pass: 0 });
  if (!ended) return { ...line, tone: 'ask', says: [...line.says, 'under way'], step };
  return {
    ...line,
    tone: ended.ok ? 'good' : 'bad',
    says: [...line.says, ended.says],
    took: spoken(ended.tookMs),
    step,
  };
}

function checkLine(event: EventOf<'checked'>, all: readonly TimelineEvent[], line: Line): Line {
  const checks = checksWith(event, all);
  const first = checks[0] ?? event;
  const well = event.good >= event.of;
  return {
    ...line,
    tone: well ? 'good' : event.good > 0 ? 'plain' : 'bad',
    says: [`${event.good} of ${event.of} good checks in a row: ${inARow(checks.map((check) => check.says))}`],
    took: first === event ? '' : spoken(between(first.at, event.at)),
  };
}

/** `well, 503, well` as it came; what repeats is counted. */
function inARow(said: readonly string[]): string {
  const runs: { text: string; times: number }[] = [];
  for (const text of said) {
    const last = runs.at(-1);
    if (last?.text === text) last.times += 1;
    else runs.push({ text, times: 1 });
  }
  return runs.map(({ text, times }) => (times > 1 ? `${text} (${times} times)` : text)).join(', then ');
}

const SIGNALS: Record<string, string> = { firing: 'fires', cleared: 'clears', unknown: 'has no data: that is no recovery' };
const SOURCES: Record<string, string> = {
  cloudwatch: 'CloudWatch',
  alertmanager: 'Alertmanager',
  grafana: 'Grafana',
  person: 'A person',
};

/** `CloudWatch: sira-DiskSpaceLow fires`. */
function signalTitle({ by, source, status }: EventOf<'signal'>): string {
  const monitor = SOURCES[by.name];
  // What has no name of its own there is called by its source's kind.
  const alarm = source === by.name ? 'the alert' : source;
  return `${monitor && monitor !== source ? `${monitor}: ` : ''}${alarm} ${SIGNALS[status] ?? status}`;
}

const ENDS: Record<string, string> = {
  resolved: 'Run ended well',
  looked: 'Run ended: it only looked',
  rehearsed: 'Rehearsal ended',
  escalated: 'Run ended at a person',
  interrupted: 'Run was interrupted',
};
const GATE_TONES: Record<string, Tone> = { go: 'good', ask: 'ask', refused: 'bad' };

const opened = ({ severity, runbook, by }: EventOf<'opened'>) =>
  [
    severity,
    by.kind === 'person' ? `by ${named(by)}` : '',
    runbook ? `runbook ${runbook}` : 'no runbook knows it: a person is paged',
  ]
    .filter(Boolean)
    .join(' · ');

function started({ run, runbook, reason, by, override = [] }: EventOf<'run-started'>): string {
  const who = by.kind === 'person' ? `by ${named(by)}` : '';
  const over = override.length > 0 ? `goes over ${spokenOverride(override)}` : '';
  return [run > 1 ? `run ${run}` : '', runbook, who, over, reason].filter(Boolean).join(' · ');
}

function decided({ by, reason }: EventOf<'approval-decided'>): string {
  return by.kind === 'person' ? said(named(by), reason) : reason;
}

/** Whoever reads it later must see that nobody has proven the name. */
const named = ({ name, via }: Actor) => (via === 'dashboard' ? `${name} (name given on the dashboard, unverified)` : name);
/** `Ada (oncall)`: the person, where one is known to be, and for which role. */
const paged = ({ role, to }: EventOf<'page-sent'>) => (to ? `${to} (${role})` : role);
const said = (by: string, reason = '') => (reason ? `by ${by}: ${reason}` : `by ${by}`);
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
