import type { Runbook } from '../../../runbooks/language/definition.ts';
import { type Incident, isAtWork } from '../../incident/incident.ts';
import type { TimelineEvent } from '../../incident/timeline.ts';

/** How a step stands: `waiting` is for a person's answer, `refused` is by the gate or by a person, `undone` is taken back. */
export type StepState = 'ahead' | 'now' | 'waiting' | 'done' | 'skipped' | 'refused' | 'failed' | 'undone';

/** As a person reads it. */
export const STATE_WORDS: Readonly<Record<StepState, string>> = {
  ahead: 'not yet',
  now: 'running',
  waiting: 'waits for a person',
  done: 'done',
  skipped: 'not needed',
  refused: 'refused',
  failed: 'failed',
  undone: 'taken back',
};

/** One state of the runbook as it reads, and how the latest run stands in it. */
export interface Progress {
  /** The state's name in the state machine. */
  name: string;
  title: string;
  kind: 'open' | 'diagnose' | 'act' | 'verify' | 'resolve' | 'report';
  state: StepState;
  says: string;
}

/** The runbook's states in order, for the graph. Where the run stands is read from what was told of it. */
export function progressOf(
  runbook: Runbook,
  incident: Pick<Incident, 'automation' | 'run' | 'runs'>,
  timeline: readonly TimelineEvent[],
): Progress[] {
  const events = timeline.filter((event) => 'run' in event && event.run === incident.run);
  const states: Progress[] = [
    { name: 'Open', title: 'Open', kind: 'open', ...opening(events) },
    { name: 'Diagnose', title: 'Diagnose', kind: 'diagnose', ...diagnosis(runbook, events) },
    ...runbook.acts.map(({ key, title }): Progress => ({ name: title, title, kind: 'act', ...act(key, events) })),
    ...(runbook.verify
      ? [
          { name: runbook.verify.title, title: runbook.verify.title, kind: 'verify' as const, ...verification(events) },
          { name: 'Resolve', title: 'Resolve', kind: 'resolve' as const, ...ending(incident, 'resolved') },
        ]
      : [{ name: 'Report', title: 'Report', kind: 'report' as const, ...ending(incident, 'looked') }]),
  ];
  return pointed(states, incident);
}

type Standing = Pick<Progress, 'state' | 'says'>;
const ahead: Standing = { state: 'ahead', says: '' };

function opening(events: readonly TimelineEvent[]): Standing {
  return events.some((event) => event.type === 'run-started') ? { state: 'done', says: '' } : ahead;
}

/** The latest pass counts: the run may have come back here. */
function diagnosis({ looks }: Runbook, events: readonly TimelineEvent[]): Standing {
  const looked = events.filter((event) => event.type === 'looked').filter((event) => looks.some(({ key }) => key === event.step));
  const pass = Math.max(0, ...looked.map((event) => event.pass));
  const steps = new Set(looked.filter((event) => event.pass === pass).map((event) => event.step));
  if (pass === 0) return ahead;
  return { state: steps.size >= looks.length ? 'done' : 'now', says: `${steps.size} of ${looks.length} looks have answered` };
}

function act(key: string, events: readonly TimelineEvent[]): Standing {
  const mine = events.filter((event) => 'step' in event && event.step === key);
  const last = mine.at(-1);
  switch (last?.type) {
    case undefined:
      return ahead;
    case 'act-finished':
      return { state: last.ok ? 'done' : 'failed', says: last.says };
    case 'act-skipped':
      return skipped(last.why, mine);
    case 'gate':
      return atGate(last);
    case 'approval-asked':
      return { state: 'waiting', says: 'waits for a person' };
    case 'approval-decided':
      return last.decision === 'approved' ? { state: 'now', says: last.decision } : { state: 'refused', says: last.decision };
    case 'undone':
      return { state: last.ok ? 'undone' : 'failed', says: last.says };
    default:
      return { state: 'now', says: 'under way' };
  }
}

function atGate({ answer, reasons }: Extract<TimelineEvent, { type: 'gate' }>): Standing {
  if (answer === 'refused') return { state: 'refused', says: reasons.join(' · ') };
  return answer === 'ask' ? { state: 'waiting', says: 'waits for a person' } : { state: 'now', says: answer };
}

/** A later pass asks again about an act, and finds that it has been done: that is done, and not needless. */
function skipped(why: string, mine: readonly TimelineEvent[]): Standing {
  const finished = mine.findLast((event) => event.type === 'act-finished');
  return finished?.ok ? { state: 'done', says: finished.says } : { state: 'skipped', says: why };
}

function verification(events: readonly TimelineEvent[]): Standing {
  const last = events.findLast((event) => event.type === 'checked');
  if (!last) return ahead;
  return { state: last.good >= last.of ? 'done' : 'now', says: `${last.good} of ${last.of} good checks in a row` };
}

function ending({ run, runs }: Pick<Incident, 'run' | 'runs'>, well: string): Standing {
  const ended = runs[String(run)]?.ended;
  return ended === well || ended === 'looked' || ended === 'rehearsed' ? { state: 'done', says: '' } : ahead;
}

/**
 * While it runs, the first state that is ahead is where it is; a run that has ended is nowhere, and the state in which
 * it ended badly is the one that failed.
 */
function pointed(states: Progress[], incident: Pick<Incident, 'automation'>): Progress[] {
  const at = states.findIndex(({ state }) => state === 'now' || state === 'waiting');
  const next = states.findIndex(({ state }) => state === 'ahead');
  if (isAtWork(incident)) return at >= 0 ? states : states.map((one, index) => (index === next ? { ...one, state: 'now' } : one));
  return states.map((one) => (one.state === 'now' || one.state === 'waiting' ? { ...one, state: 'failed' } : one));
}
