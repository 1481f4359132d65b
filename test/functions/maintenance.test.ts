import { describe, expect, it } from 'vitest';
import { consoleApp } from '../../functions/console/app.ts';
import { endMaintenance, planMaintenance } from '../../functions/console/commands/maintenance.ts';
import { maintenances } from '../../functions/console/read/maintenance.ts';
import { iso, after as plus } from '../../functions/incident/clock.ts';
import { heldByMaintenance } from '../../functions/intake/maintained.ts';
import type { Whole } from '../local/whole.ts';
import { countedRunbook } from './counted-runbook.ts';
import { pass, round, withRunbook } from './watching.ts';

const MINUTE = 60_000;
const ALARM = 'sira-DiskSpaceLow';

/** Works on SIRA for so long. */
async function worked(system: Whole, minutes: number, said: object = {}) {
  const to = plus(iso(system.clock.now()), minutes * MINUTE);
  return system.clock.during(
    planMaintenance(system.around)({ system: 'sira', to, by: 'Ada', reason: 'the disk is changed', ...said }, to),
  );
}
const recorded = async (system: Whole) =>
  (await system.clock.during(maintenances(system.around))).maintenance.flatMap((window) => window.recorded);
const counted = async (system: Whole, seen: number) =>
  system.until(async () => (await system.around.store.maintenances.aside())[0]?.seen === seen);

describe('while a system is worked on', () => {
  it('its alarms are counted and open nothing; what still fires at the end is new', async () => {
    const system = await withRunbook(countedRunbook(false));
    await worked(system, 30);
    for (const state of ['ALARM', 'OK', 'ALARM'] as const) system.alarm(ALARM, state);
    await counted(system, 2);
    await pass(system, 10 * MINUTE);
    expect(await round(system)).toEqual([]);
    expect([await system.incidents(), system.aws.inbox(), system.aws.executions()]).toEqual([[], [], []]);
    expect(await recorded(system)).toMatchObject([{ seen: 2, last: 'firing', severity: 'P1' }]);

    await pass(system, 20 * MINUTE);
    expect(await round(system)).toEqual([expect.stringMatching(/^opened v1:sira:DiskSpaceLow:.*after the maintenance$/)]);
    await system.until(async () => (await system.acts()).length === 1);
    expect(await system.incident()).toMatchObject({ alert: 'DiskSpaceLow', run: 1 });
    expect(await recorded(system)).toMatchObject([{ seen: 2, last: 'firing' }]);
    expect(await round(system)).toEqual([]);
  });

  it('what has cleared by the end is only counted, and the next time it fires is an alarm like any other', async () => {
    const system = await withRunbook(countedRunbook(false));
    await worked(system, 5);
    for (const state of ['ALARM', 'OK'] as const) system.alarm(ALARM, state);
    await counted(system, 1);
    await pass(system, 6 * MINUTE);
    expect(await round(system)).toEqual([]);
    expect(await recorded(system)).toMatchObject([{ seen: 1, last: 'cleared' }]);
    expect(await system.incidents()).toEqual([]);
    system.alarm(ALARM, 'ALARM');
    await system.until(async () => (await system.acts()).length === 1);
  });

  it('somebody who ends it early lets go what fires', async () => {
    const system = await withRunbook(countedRunbook(false));
    const { id } = await worked(system, 600);
    system.alarm(ALARM, 'ALARM');
    await counted(system, 1);
    await system.clock.during(endMaintenance(system.around)(id, { by: 'Bob', reason: 'done' }));
    await system.clock.during(endMaintenance(system.around)(id, { by: 'Bob' }));
    expect(await round(system)).toHaveLength(1);
    expect(await system.incidents()).toHaveLength(1);
  });

  it('a run that is under way changes nothing, and pages are held until the end', async () => {
    const system = await withRunbook(countedRunbook(false));
    system.alarm(ALARM, 'ALARM');
    await system.until(async () => (await system.incidents()).length === 1);
    const { to } = await worked(system, 30, { alert: 'DiskSpaceLow' });
    await system.until(() => system.quiet());
    expect(await system.acts()).toEqual([]);
    const incident = await system.incident();
    const gates = (await system.around.store.incidents.timeline(incident.id)).filter((event) => event.type === 'gate');
    expect(gates.at(-1)).toMatchObject({ answer: 'refused', reasons: [expect.stringContaining('in maintenance until')] });
    expect(await system.clock.during(heldByMaintenance(system.around, incident))).toBe(to);
    expect(await system.clock.during(heldByMaintenance(system.around, { ...incident, alert: 'APIDown' }))).toBeNull();
    expect(await system.clock.during(heldByMaintenance(system.around, { ...incident, origin: 'declared' }))).toBeNull();
  });
});

describe('planning it', () => {
  it('is bounded, about something that there is, and planned once', async () => {
    const system = await withRunbook(countedRunbook(false));
    const app = consoleApp(system.around);
    const send = async (path: string, body: object) => {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ by: 'Ada', ...body }),
      };
      const answer = await system.clock.during(Promise.resolve(app.request(path, init)));
      return { status: answer.status, body: await answer.json() };
    };
    const now = iso(system.clock.now());
    for (const [said, field] of [
      [{ system: 'nosuch', to: plus(now, MINUTE) }, 'system'],
      [{ system: 'sira', alert: 'NoSuch', to: plus(now, MINUTE) }, 'alert'],
      [{ system: 'sira', to: now }, 'to'],
      [{ system: 'sira' }, 'to'],
      [{ system: 'sira', to: plus(now, 24 * 60 * MINUTE + 1) }, 'to'],
      [{ system: 'sira', from: plus(now, 91 * 24 * 60 * MINUTE), to: plus(now, 91 * 24 * 60 * MINUTE + 1) }, 'from'],
    ] as const)
      expect(await send('/api/maintenance', said), JSON.stringify(said)).toMatchObject({
        status: 400,
        body: { error: { field } },
      });
    const plan = () => planMaintenance(system.around)({ system: 'sira', to: plus(now, MINUTE), by: 'Ada' }, 'one');
    const [first, second] = [await system.clock.during(plan()), await system.clock.during(plan())];
    expect(second).toEqual(first);
    expect(await send('/api/maintenance/NONE/end', {})).toMatchObject({ status: 404, body: { error: { field: 'id' } } });
    const page = await system.clock.during(Promise.resolve(app.request('/maintenance')));
    expect(await page.text()).toContain(`action="/maintenance/${first.id}/end"`);
  });
});
