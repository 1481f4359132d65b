import { tellAll } from '../../events/announce.ts';
import { iso } from '../../incident/clock.ts';
import type { Incident } from '../../incident/incident.ts';
import { conflict } from '../rejected.ts';
import { askedBy, type IncidentCommand } from './given.ts';
import { knownIncident } from './known.ts';
import { resolve } from './resolve.ts';

/**
 * A person puts an incident away: it is final, and the same alarm opens another one. What has cleared by itself, and waits for a
 * person to look at it, is resolved by that, too. Said twice, it is said once.
 */
export const close: IncidentCommand<Incident> = (around) => async (id, given, proven) => {
  const { by: closedBy, reason } = askedBy(given, proven);
  const found = await knownIncident(around, id);
  if (found.ladder?.over && (found.status === 'open' || found.status === 'acknowledged'))
    await resolve(around)(id, given, proven);
  const closedAt = iso(around.clock.now());
  const incident = await around.store.incidents.change(id, (before) => {
    if (before.status === 'closed') return undefined;
    if (before.status !== 'resolved')
      throw conflict('status', 'resolved', 'this incident is not over: resolve it before it is closed');
    return { ...before, status: 'closed', closedAt, closedBy };
  });
  if (incident.status === 'closed') {
    const { closedAt: at, closedBy: by } = incident;
    await tellAll(around, incident, { v: 1, type: 'closed', at, key: 'closed', by, how: reason || 'Closed by a person' });
  }
  return incident;
};
