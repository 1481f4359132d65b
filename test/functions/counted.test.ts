import { describe, expect, it } from 'vitest';
import { resolve } from '../../functions/console/commands/resolve.ts';
import type { Counted } from '../../functions/incident/metrics.ts';
import { console } from './console/console.ts';
import { countedRunbook } from './counted-runbook.ts';
import { pass, withRunbook } from './watching.ts';

const MINUTE = 60_000;

/** Sums by the metric's name. */
function sums(counted: readonly Counted[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { name, value } of counted.flatMap(({ metrics }) => metrics)) all[name] = (all[name] ?? 0) + value;
  return all;
}

async function counting() {
  const counted: Counted[] = [];
  const system = await withRunbook(countedRunbook(false), { counting: (one) => counted.push(one) });
  return { system, counted, times: (name: string) => sums(counted)[name] ?? 0 };
}

describe('what the whole responder counts', () => {
  it('an incident that automation mends, comes back as itself, and as another', async () => {
    const { system, counted, times } = await counting();
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(async () => (await system.acts()).length === 1);
    // The same alarm once more is the same incident.
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    system.alarm('sira-DiskSpaceLow', 'OK');
    await system.until(() => system.quiet());
    const { openedAt, resolvedAt } = await system.incident();
    expect(sums(counted)).toMatchObject({ IncidentsOpened: 1, IncidentsResolved: 1, ResolvedWithoutPerson: 1 });
    expect(times('TimeToResolve') * 1_000).toBe(Date.parse(resolvedAt ?? '') - Date.parse(openedAt));
    expect(times('TimeToAcknowledge')).toBe(0);

    await pass(system, 8 * MINUTE);
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(async () => (await system.incident()).status === 'open');
    expect(sums(counted)).toMatchObject({ IncidentsOpened: 1, Recurrences: 1, RecurrencesOfAutomation: 1 });

    await system.clock.during(resolve(system.around)((await system.incident()).id, { by: 'Ada' }));
    system.alarm('sira-DiskSpaceLow', 'OK');
    await pass(system, 30 * MINUTE);
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(async () => (await system.incidents()).length === 2);
    expect(sums(counted)).toMatchObject({ IncidentsOpened: 2, IncidentsResolved: 2, ResolvedWithoutPerson: 1 });
    expect(sums(counted), 'a person had resolved it').toMatchObject({ Recurrences: 2, RecurrencesOfAutomation: 1 });
  });

  it('an acknowledgement once, however often it is said; each page that went out, and at night', async () => {
    const counted: Counted[] = [];
    const times = (name: string) => sums(counted)[name] ?? 0;
    const app = await console(false, undefined, { counting: (one) => counted.push(one) });
    const id = await app.untilItAsks();
    await app.post(`/api/incidents/${id}/escalate-now`, { by: 'Ada', reason: 'it asks for too long' });
    await app.until(() => app.pages().some(({ subject }) => !subject.includes('may Firebreak')));
    await pass(app, MINUTE);
    await app.post(`/api/incidents/${id}/acknowledge`, { by: 'Ada' });
    await app.post(`/api/incidents/${id}/acknowledge`, { by: 'Ada' });
    await app.post(`/api/incidents/${id}/snooze`, { by: 'Ada', minutes: 30 });
    expect(counted.flatMap(({ metrics }) => metrics).filter(({ name }) => name === 'TimeToAcknowledge')).toHaveLength(1);
    const pages = (await app.around.store.people.pages(id)).filter(({ by, sentAt }) => by === 'page' && sentAt);
    expect(pages.length).toBeGreaterThan(0);
    expect(times('PagesSent')).toBe(pages.length);
    expect(times('PagesAtNight'), 'it is 3:14').toBe(pages.length);
    expect(await app.incident()).toMatchObject({ askedAt: expect.any(String), firstAcknowledged: expect.any(Object) });
    await app.post(`/api/incidents/${id}/resolve`, { by: 'Ada', reason: 'mended by hand' });
    expect(sums(counted)).toMatchObject({ IncidentsResolved: 1, ResolvedWithoutPerson: 0 });
  });
});
