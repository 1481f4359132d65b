import * as z from 'zod';
import { canonicalTarget, type System } from '../../../runbooks/language/system.ts';
import { escalate } from '../../escalate/escalate.ts';
import { person } from '../../incident/actor.ts';
import { iso } from '../../incident/clock.ts';
import { idFrom } from '../../incident/ids.ts';
import type { Incident } from '../../incident/incident.ts';
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
    const incident: Incident = {
      v: 1,
      id: idFrom('declared', request),
      status: 'open',
      system: system.id,
      alert,
      target,
      runbook: null,
      title,
      severity,
      automation: 'none',
      origin: 'declared',
      openedAt,
      openedBy: person(by),
      seen: 0,
      dedupKey: null,
      signal: null,
      run: 0,
      runs: {},
      stop: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      resolvedAt: null,
    };
    await around.store.incidents.create(incident);
    // Read back, because an earlier attempt may have been the one that opened it.
    const opened = await knownIncident(around, incident.id);
    await around.store.incidents.tell(opened.id, {
      v: 1,
      type: 'opened',
      at: opened.openedAt,
      key: 'opened',
      by: opened.openedBy,
      severity: opened.severity,
      runbook: null,
      title: opened.title,
    });
    await escalate(around, { incidentId: opened.id, run: 0, why: `${by} declared it: ${title}`, ended: 'escalated' });
    return knownIncident(around, opened.id);
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
