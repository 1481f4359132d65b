import * as fc from 'fast-check';
import { after } from '../../../../functions/incident/clock.ts';
import { Incident } from '../../../../functions/incident/incident.ts';
import type { Page } from '../../../../functions/incident/records.ts';
import { incident, page, run, T0 } from '../../aws/table/records.ts';

/** Incidents of two systems as they may stand in the table, and pages about them. */

const MINUTE = 60_000;
const PERSON = { name: 'Ada', kind: 'person', verified: false } as const;
const AUTOMATION = { name: 'firebreak', kind: 'automation', verified: true } as const;

const SYSTEMS = [
  { system: 'sira', severity: 'P0', runbook: 'sira/disk-space-low' },
  { system: 'sira', severity: 'P1', runbook: 'sira/application-down' },
  { system: 'sira', severity: 'P1', runbook: null },
  { system: 'saveit', severity: 'SEV1', runbook: 'saveit/high-cpu' },
] as const;

const one = fc.record({
  where: fc.constantFrom(...SYSTEMS),
  alert: fc.constantFrom('A', 'B'),
  origin: fc.constantFrom('signal', 'signal', 'signal', 'manual', 'scheduled', 'declared', 'rehearsal'),
  openedAt: fc.integer({ min: 0, max: 3 * 24 * 60 }),
  /** Minutes until its end; none where it is still open. */
  lasts: fc.option(fc.integer({ min: 0, max: 300 })),
  /** Minutes until somebody had it. */
  had: fc.option(fc.integer({ min: 0, max: 60 })),
  byPerson: fc.boolean(),
  handedOver: fc.boolean(),
  reopened: fc.boolean(),
  ended: fc.constantFrom('resolved', 'looked', 'escalated', undefined),
  pages: fc.array(
    fc.record({
      after: fc.integer({ min: 0, max: 600 }),
      to: fc.constantFrom('Ada', 'Grace', null),
      by: fc.constantFrom('page', 'notice'),
    }),
    {
      maxLength: 3,
    },
  ),
});

export interface Drawn {
  incidents: Incident[];
  pages: (Page & { incidentId: string; sentAt: string })[];
}

export const drawn: fc.Arbitrary<Drawn> = fc.array(one, { maxLength: 25 }).map((all) => {
  const pages: Drawn['pages'] = [];
  const incidents = all.map(({ where, alert, origin, lasts, had, byPerson, handedOver, reopened, ended, ...said }, at) => {
    const id = `I${at}`;
    const openedAt = after(T0, said.openedAt * MINUTE);
    for (const { after: minutes, to, by } of said.pages)
      pages.push({
        ...page({ by, contact: to && { id: to.toLowerCase(), name: to } }),
        incidentId: id,
        sentAt: after(openedAt, minutes * MINUTE),
      });
    const base = incident(id, {
      ...where,
      alert,
      origin,
      openedAt,
      dedupKey: origin === 'signal' ? `${where.system}:${alert}` : null,
    });
    const resolvedAt = lasts === null ? null : after(openedAt, lasts * MINUTE);
    return Incident.parse({
      ...base,
      firstAcknowledged: had === null ? null : { at: after(openedAt, had * MINUTE), since: openedAt },
      handedOverAt: handedOver ? openedAt : null,
      reopened: reopened ? { times: 1, at: openedAt, claim: 'C' } : null,
      runs: { 1: run(1, { ...(ended && { ended }) }) },
      ...(resolvedAt && { status: 'resolved', resolvedAt, resolvedBy: byPerson ? PERSON : AUTOMATION, resolution: 'over' }),
    });
  });
  return { incidents, pages };
});
