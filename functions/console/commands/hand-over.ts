import * as z from 'zod';
import { contactsOf } from '../../../runbooks/language/contact.ts';
import { ladderFor } from '../../../runbooks/language/ladder.ts';
import { type Role, type System, takersOf } from '../../../runbooks/language/system.ts';
import { startClimbing } from '../../escalate/restart.ts';
import { tellAll } from '../../events/announce.ts';
import { type Actor, sameName } from '../../incident/actor.ts';
import { iso } from '../../incident/clock.ts';
import type { Climb, Incident } from '../../incident/incident.ts';
import { handOn } from '../../incident/ladder/generation.ts';
import { firstOf } from '../../incident/ladder/next-rung.ts';
import { type Surroundings, systemOf } from '../../surroundings.ts';
import { invalid } from '../rejected.ts';
import { askedFor, type IncidentCommand } from './given.ts';
import { knownIncident, mustBeLive } from './known.ts';

const HandOver = z.object({ to: z.string().trim().min(1).max(200) });

/**
 * Gives the incident to another role: that one is paged at once and has to acknowledge, and until then the page goes up the ladder.
 * What the automation does goes on. Said twice to a role that has not answered yet, it is said once.
 */
export const handOver: IncidentCommand<Incident> = (around) => async (id, given, proven) => {
  const { by, reason, said } = askedFor(HandOver, given, proven);
  const found = await knownIncident(around, id);
  const system = systemOf(around, found.system);
  const role = roleOf(around, system, said.to);
  const at = iso(around.clock.now());
  const incident = await around.store.incidents.change(id, (before) => {
    mustBeLive(before);
    return isSame(before, role, by)
      ? undefined
      : handOn(
          before,
          { to: role.name, by, at, reason },
          role.title,
          firstOf(ladderFor(system, before.severity), role.name, system),
        );
  });
  await startClimbing(around, incident);
  await tell(around, incident, role.title);
  return incident;
};

function isSame({ status, ladder }: Incident, { name }: Role, by: Actor): boolean {
  return status === 'open' && ladder?.handed?.to === name && sameName(ladder.handed.by.name, by.name);
}

/** A role by its name or title, or by the name of a person who has it. */
function roleOf({ config }: Surroundings, system: System, wanted: string): Role {
  const { id } = system;
  const roles = takersOf(system);
  const named = roles.find(({ name, title }) => sameName(name, wanted) || sameName(title, wanted));
  const staffed = Object.entries(config.staffOf(id)).find(([, staff]) =>
    contactsOf(staff).some(({ name }) => sameName(name, wanted)),
  );
  const found = named ?? roles.find(({ name }) => name === staffed?.[0]);
  if (found) return found;
  const known = roles.map(({ name }) => name).join(', ');
  throw invalid(
    'to',
    `one of ${known}, or the name of a person who has one of them`,
    `nobody here who can take an incident is called "${wanted.slice(0, 80)}"`,
  );
}

/** From the record, not from the request: an attempt that did not live to tell it is told by the next. */
async function tell(around: Surroundings, incident: Incident, title: string): Promise<void> {
  const handed: Climb['handed'] = incident.ladder?.handed ?? null;
  if (!handed) return;
  const { at, by, to, reason } = handed;
  await tellAll(around, incident, { v: 1, type: 'handed-over', at, key: `handed-to-${to}`, by, to, title, reason });
}
