import * as z from 'zod';
import { milliseconds } from '../../../runbooks/language/duration.ts';
import { ladderFor } from '../../../runbooks/language/ladder.ts';
import { startClimbing } from '../../escalate/restart.ts';
import { tellAll } from '../../events/announce.ts';
import { sameName } from '../../incident/actor.ts';
import { after, iso } from '../../incident/clock.ts';
import type { Incident } from '../../incident/incident.ts';
import { nextAttempt } from '../../incident/ladder/generation.ts';
import { type Surroundings, systemOf } from '../../surroundings.ts';
import { conflict, invalid } from '../rejected.ts';
import { acknowledged, tellAcknowledged } from './acknowledge.ts';
import { askedFor, type IncidentCommand } from './given.ts';
import { knownIncident, mustBeLive } from './known.ts';

const Snooze = z.object({
  /** A time, or so many minutes from now: one of the two. */
  until: z.iso.datetime().optional(),
  minutes: z.coerce
    .number()
    .int()
    .min(1)
    .max(7 * 24 * 60)
    .optional(),
});

/**
 * Nobody is paged until then, because somebody has it: whoever asks acknowledges, if nobody has yet. When the quiet ends, so does the
 * acknowledgement, and the ladder goes on. It lasts no longer than an acknowledgement of that severity does: quiet is a way to say
 * when one will be back, and no way around being asked again.
 */
export const snooze: IncidentCommand<Incident> = (around) => async (id, given, proven) => {
  const { by, reason, said } = askedFor(Snooze, given, proven);
  await knownIncident(around, id);
  const at = iso(around.clock.now());
  const until = endOf(said, at);
  const incident = await around.store.incidents.change(id, (before) => {
    mustBeLive(before);
    mustNotBeTooLong(around, before, until, at);
    if (before.ladder?.over)
      throw conflict('status', 'an incident that pages somebody', 'nobody is paged for this incident any more');
    if (before.snoozed?.until === until && sameName(before.snoozed.by.name, by.name)) return undefined;
    return nextAttempt({ ...acknowledged(before, by, at), snoozed: { until, by, at } });
  });
  await startClimbing(around, incident);
  await tellAcknowledged(around, incident);
  const { snoozed } = incident;
  if (snoozed) await tellAll(around, incident, { v: 1, type: 'snoozed', key: 'snoozed', reason, ...snoozed });
  return incident;
};

function endOf({ until, minutes }: { until?: string | undefined; minutes?: number | undefined }, now: string): string {
  if (until !== undefined && minutes !== undefined)
    throw invalid('minutes', 'nothing, where until is given', 'expected until or minutes, got both');
  const end = until === undefined ? minutes && after(now, minutes * 60_000) : iso(new Date(until));
  if (!end) throw invalid('until', 'a time to come, in UTC, or minutes', 'expected until or minutes, got neither');
  if (end <= now) throw invalid('until', 'a time to come, in UTC', `until ${end} is over already`);
  return end;
}

function mustNotBeTooLong(around: Surroundings, { system, severity }: Incident, until: string, now: string): void {
  const { acknowledged: longest } = ladderFor(systemOf(around, system), severity);
  const last = after(now, milliseconds(longest));
  if (until > last)
    throw invalid(
      'until',
      `${last} at the latest`,
      `${severity} is quiet for ${longest} at most: so long an acknowledgement holds before somebody is asked again`,
    );
}
