import * as z from 'zod';
import { canonicalTarget, type System } from '../../../runbooks/language/system.ts';
import { escalate } from '../../escalate/escalate.ts';
import { tellAll } from '../../events/announce.ts';
import { person } from '../../incident/actor.ts';
import { iso } from '../../incident/clock.ts';
import { idFrom } from '../../incident/ids.ts';
import { type Incident, opened } from '../../incident/incident.ts';
import { openedEvent } from '../../incident/timeline.ts';
import { seeTogether } from '../../intake/together.ts';
import { notify } from '../../notices/notify.ts';
import { assessWithoutRun } from '../../run-step/impact-without-run.ts';
import type { Surroundings } from '../../surroundings.ts';
import { checked, invalid } from '../rejected.ts';
import { By, words } from './given.ts';
import { knownIncident } from './known.ts';

const Declaration = z.strictObject({
  system: z.string(),
  title: words(200).pipe(z.string().min(1)),
  severity: z.string(),
  /** One of the system's declared alerts, if it is one of those. */
  alert: z.string().default(''),
  /** What is ill, by any of its names. */
  target: z.string().trim().max(200).default(''),
  by: By,
});

/**
 * A person says that something is wrong that no alarm has said. It runs nothing, and pages the first responder.
 * @param request sent twice, it declares one incident
 */
export const declare =
  (around: Surroundings) =>
  async (given: unknown, request: string): Promise<Incident> => {
    const { by, title, ...said } = checked(Declaration, given);
    const { system, severity, alert, target } = placed(around, said);
    const openedAt = iso(around.clock.now());
    const id = idFrom('declared', request);
    const who = { openedAt, openedBy: person(by), origin: 'declared' as const };
    await around.store.incidents.create(opened({ id, system: system.id, alert, target, runbook: null, title, severity, ...who }));
    // Read back, because an earlier attempt may have been the one that opened it.
    const incident = await knownIncident(around, id);
    await tellAll(around, incident, openedEvent(incident));
    await seeTogether(around, incident);
    await assessWithoutRun(around, incident);
    await escalate(around, { incidentId: id, run: 0, why: `${by} declared it: ${title}`, ended: 'escalated' });
    await notify(around, incident, 'opened');
    return knownIncident(around, id);
  };

interface Place {
  system: System;
  severity: string;
  alert: string;
  target: string;
}

function placed(
  around: Surroundings,
  { system: id, severity, alert, target }: { system: string; severity: string; alert: string; target: string },
): Place {
  const oneOf = (field: string, given: string, names: readonly string[]) => {
    if (!names.includes(given))
      throw invalid(field, `one of ${names.join(', ')}`, `there is no ${field} "${given.slice(0, 80)}"`);
  };
  const system = around.systems.find((known) => known.id === id);
  oneOf(
    'system',
    id,
    around.systems.map((known) => known.id),
  );
  if (!system) throw new Error(`there is no system ${id}`);
  oneOf(
    'severity',
    severity,
    system.severities.map((known) => known.name),
  );
  if (alert)
    oneOf(
      'alert',
      alert,
      system.alerts.map((known) => known.name),
    );
  const named = target ? canonicalTarget(around.config.settingsOf(id), 'host', [target]) : '';
  return { system, severity, alert, target: named };
}
