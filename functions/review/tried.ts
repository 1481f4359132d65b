import type { ActRecord } from '../incident/records.ts';
import { heldBack, type TimelineEvent } from '../incident/timeline.ts';

/** Something that was tried, or would have been, and what it gave. */
export interface Tried {
  /** ISO 8601 in UTC; empty for what was not done. */
  at: string;
  what: string;
  host: string;
  /** Why it was done. */
  because: string;
  gave: string;
  ended: 'done' | 'failed' | 'unknown' | 'held back' | 'taken back' | 'under way';
}

/** Everything that was done, by the automation as by people's leave, in its order; then what only would have been. */
export function triedOn(events: readonly TimelineEvent[], acts: readonly ActRecord[]): Tried[] {
  const done = acts.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)).map(triedBy);
  const undone = events
    .filter((event) => event.type === 'undone')
    .map(
      ({ at, title, host, ok, says }): Tried => ({
        at,
        what: `Undo: ${title}`,
        host: hostOf(host),
        because: 'it was for a time only, or half done',
        gave: says,
        ended: ok ? 'taken back' : 'failed',
      }),
    );
  const runs = new Set(events.flatMap((event) => (event.type === 'act-skipped' ? [event.run] : [])));
  const held = [...runs].flatMap((run) =>
    heldBack(events, run).map(
      ({ title, host, wouldHave }): Tried => ({
        at: '',
        what: title,
        host: hostOf(host),
        because: '',
        gave: `it would have: ${wouldHave}`,
        ended: 'held back',
      }),
    ),
  );
  return [...[...done, ...undone].sort((a, b) => a.at.localeCompare(b.at)), ...held];
}

function triedBy(act: ActRecord): Tried {
  const common = { at: act.startedAt, what: act.title, host: hostOf(act.host), because: act.because };
  switch (act.status) {
    case 'started':
      return { ...common, gave: '', ended: 'under way' };
    case 'done':
      return { ...common, gave: act.says, ended: 'done' };
    case 'failed':
      return { ...common, gave: act.error, ended: 'failed' };
    case 'doubt':
      return { ...common, gave: `nobody knows how it ended: ${act.error}`, ended: 'unknown' };
  }
}

const hostOf = (host: string) => (host === '-' ? '' : host);
