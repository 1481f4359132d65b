import { DEFAULT_FRESH_SECONDS, type Look } from '../../runbooks/language/definition.ts';
import type { ControlState } from '../aws/table/controls.ts';
import { between } from '../incident/clock.ts';
import type { ActRecord, LookRecord } from '../incident/records.ts';

/** What has changed the system, or can have: this run's acts, and the lock that others held. */
export interface Changes extends Pick<ControlState, 'lock' | 'freed'> {
  acts: readonly ActRecord[];
  /** This run, as it holds the lock. */
  holder: string;
}

/** What the gate asks about: the facts that were read, now. */
interface Asked {
  /** How long each look's facts are good for, as its runbook says. */
  definitions: readonly Pick<Look, 'key' | 'freshSeconds'>[];
  read: ReadonlySet<string>;
  now: string;
}

/** The looks, of those that were read, that say nothing of now: in a sentence each. */
export function staleFacts(looks: readonly LookRecord[], changes: Changes, { definitions, read, now }: Asked): string[] {
  return looks
    .filter((look) => look.status === 'done' && read.has(look.step))
    .flatMap((look) => {
      const endedAt = 'endedAt' in look ? look.endedAt : look.startedAt;
      const fresh = definitions.find(({ key }) => key === look.step)?.freshSeconds ?? DEFAULT_FRESH_SECONDS;
      const age = between(endedAt, now) / 1_000;
      const lastChanged = lastChange(changes, look.pass, now);
      // What its runbook says is good for longer, is not made old by what this run does: it says so knowing what the run does.
      if (fresh <= DEFAULT_FRESH_SECONDS && (look.startedAt < lastChanged || endedAt <= lastChanged))
        return [`"${look.title}" was looked at before the last change`];
      return age > fresh ? [`"${look.title}" was looked at ${Math.round(age)} s ago`] : [];
    });
}

/**
 * When something was last changed on the system, by this run or by another that held the lock: what was seen before may be
 * otherwise now. So a run that waited its turn looks again on it. A lock that nobody let go of ended with its lease.
 * @param pass in which it was looked. An own act of an earlier pass was over before that began, even in the same millisecond
 */
function lastChange({ acts, holder, lock, freed }: Changes, pass: number, now: string): string {
  const mine = acts
    .filter((record) => record.pass >= pass)
    .map((record) => ('endedAt' in record ? record.endedAt : record.startedAt));
  const others = [...(freed ? [freed] : []), ...(lock && lock.until <= now ? [{ by: lock.holder, at: lock.until }] : [])];
  return [...mine, ...others.filter(({ by }) => by !== holder).map(({ at }) => at)].sort().at(-1) ?? '';
}
