import * as z from 'zod';
import { worse } from '../../../runbooks/language/severity.ts';
import type { System } from '../../../runbooks/language/system.ts';
import { startClimbing } from '../../escalate/restart.ts';
import { tellAll } from '../../events/announce.ts';
import { iso } from '../../incident/clock.ts';
import type { Incident } from '../../incident/incident.ts';
import { lowerGeneration, raiseGeneration } from '../../incident/ladder/generation.ts';
import { notify } from '../../notices/notify.ts';
import { type Surroundings, systemOf } from '../../surroundings.ts';
import { invalid } from '../rejected.ts';
import { askedFor, type IncidentCommand } from './given.ts';
import { knownIncident, mustBeLive } from './known.ts';

const Severity = z.object({ severity: z.string().max(40) });

/**
 * A person says how bad it is. Raised, its new ladder begins at once, whoever had it. Lowered, which only a person does, its new ladder
 * goes on from where the old one stands: nobody is paged because it is less bad, and whoever has it still does.
 */
export const rate: IncidentCommand<Incident> = (around) => async (id, given, proven) => {
  const { by, reason, said } = askedFor(Severity, given, proven);
  const { severity } = said;
  const found = await knownIncident(around, id);
  const system = systemOf(around, found.system);
  mustBeOne(system, severity);
  const at = iso(around.clock.now());
  const incident = await around.store.incidents.change(id, (before) => {
    mustBeLive(before);
    if (before.severity === severity) return undefined;
    const rated: Incident = { ...before, severity, rated: { from: before.severity, to: severity, by, at, reason } };
    return worse(system.severities, severity, before.severity)
      ? raiseGeneration(rated, at, `${by.name} raised it from ${before.severity} to ${severity}`)
      : lowerGeneration(rated, at, `${by.name} lowered it from ${before.severity} to ${severity}`);
  });
  await startClimbing(around, incident);
  await tell(around, incident, system);
  return incident;
};

function mustBeOne({ severities }: System, severity: string): void {
  const known = severities.map(({ name }) => name);
  if (!known.includes(severity))
    throw invalid('severity', `one of ${known.join(', ')}`, `there is no severity "${severity.slice(0, 40)}"`);
}

/** From the record, not from the request: an attempt that did not live to tell it is told by the next. */
async function tell(around: Surroundings, incident: Incident, { severities }: System): Promise<void> {
  const { rated } = incident;
  if (!rated) return;
  const { from, to, by, at, reason } = rated;
  const type = worse(severities, to, from) ? 'severity-raised' : 'severity-lowered';
  await tellAll(around, incident, { v: 1, type, at, key: `severity-${to}`, by, from, to, reason });
  // Worse than before, it may concern more people.
  if (type === 'severity-raised') await notify(around, incident, 'opened');
}
