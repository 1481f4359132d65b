import { isDeepStrictEqual } from 'node:util';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { whoHeard } from '../heard.ts';
import { effects, type Standing } from './standing.ts';

/** What must hold after a crash, whenever it came. @returns what does not, in words; nothing when all is well */
export function broken(standing: Standing, histories: HistoryEvent[][], dataDir: string): string[] {
  const { incidents, lock, debts, deadLetters, executions } = standing;
  const [acts, undone] = [effects(dataDir, 'acts'), effects(dataDir, 'undone')];
  const [incident, ...others] = incidents;
  const wrong: string[] = [];
  const must = (holds: boolean, otherwise: string) => {
    if (!holds) wrong.push(otherwise);
  };
  must(incident !== undefined, 'the incident is lost');
  must(others.length === 0, `${others.length} incidents too many`);
  must(acts.length <= 1, `the act happened ${acts.length} times`);
  must(undone.length <= 1, `the undo happened ${undone.length} times`);
  must(Math.max(0, ...acts) <= Math.min(Number.POSITIVE_INFINITY, ...undone), 'the act happened after it had been undone');
  must(lock === undefined, `the lock is left with ${lock?.holder}`);
  must(debts.length === 0, `an undo is owed still: ${debts.join(', ')}`);
  must(deadLetters === 0, `${deadLetters} dead letters`);
  must(executions.length === 1, `${executions.length} executions`);
  must(histories.every(inOrder), 'the clock went back over the restart');
  if (incident) wrong.push(...unfinished(incident, standing, acts.length, undone.length));
  return wrong;
}

function unfinished(
  incident: Standing['incidents'][number],
  { inbox, claims }: Standing,
  acts: number,
  undone: number,
): string[] {
  const { status, automation, pages, timeline, runs } = incident;
  const told = (type: string) => timeline.filter((event) => event.type === type).length;
  const resolved = status === 'resolved' && automation === 'succeeded';
  const atPerson = status === 'open' && automation === 'escalated';
  const heard = whoHeard(incident, pages, inbox, latest(incident));
  const [run] = Object.values(runs);
  const owed = incident.acts.filter(({ undo, status: ended }) => undo && (ended !== 'done' || undo.due !== null));
  const wrong: string[] = [];
  const must = (holds: boolean, otherwise: string) => {
    if (!holds) wrong.push(otherwise);
  };
  must(resolved || atPerson, `it is ${status}, and the automation ${automation}`);
  must(!resolved || claims.length === 0, 'it is resolved, and its alert is claimed still');
  // A change that could not be taken back after the run was over is a page of its own.
  const afterwards = owed.filter(({ undo }) => undo?.paid === false && (undo.paidAt ?? '') > (run?.endedAt ?? '')).length;
  const due = Array.from({ length: afterwards }, () => 'page oncall');
  must(isDeepStrictEqual(heard.others, due), `${due.length} pages were due afterwards, there are: ${heard.others.join(', ')}`);
  wrong.push(...heard.ladder);
  must(!atPerson || heard.climbed.length > 0, 'it is at a person, and nobody was paged');
  must(heard.pagesUnsent === 0, `${heard.pagesUnsent} pages were written down and not sent`);
  // Killed between sending a page and writing that down, it comes twice, and the second says that it may be a repeat.
  must(heard.doubled.length === 0, `twice, and not said to be a repeat: ${heard.doubled.join(', ')}`);
  must(heard.unheard.length === 0, `said to be sent, and in nobody's inbox: ${heard.unheard.join(', ')}`);
  must(
    Object.values(runs).every(({ endedAt }) => endedAt !== undefined),
    'a run has no end',
  );
  must(told('opened') === 1, `${told('opened')} events tell that it was opened`);
  // None, when it was killed between the end and its telling: the incident itself says it then.
  must(told('escalated') + told('resolved') <= 1, `${told('escalated')} + ${told('resolved')} events tell how it ended`);
  must(acts === 0 || incident.acts.length === 1, 'an act happened that nobody wrote down');
  const takenBack = owed.every(({ undo }) => undo?.paid);
  must(acts === 0 || owed.length === 0 || undone === 1 || !takenBack, 'it is said to be undone, and is not');
  must(
    owed.every(({ undo }) => undo?.paidAt),
    'an undo never ended',
  );
  must(undone === 0 || owed.length > 0, 'it was undone, and nothing was owed');
  return wrong;
}

/** The last thing that is written down: what was due later is not expected. */
function latest({ pages, timeline }: Standing['incidents'][number]): Date {
  const times = [...pages.flatMap(({ sentAt }) => sentAt ?? []), ...timeline.map(({ at }) => at)];
  return new Date(times.toSorted().at(-1) ?? 0);
}

function inOrder(history: HistoryEvent[]): boolean {
  const times = history.map(({ timestamp }) => timestamp?.getTime() ?? 0);
  return times.every((time, at) => time >= (times[at - 1] ?? 0));
}
